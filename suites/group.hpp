#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "suites/metric.hpp"

namespace suites {

/// How a group's number comes of its members' numbers.
enum class Weighting {
    Documents,  ///< mean over all documents: members weigh as many documents as they have
    Members,    ///< plain mean of the members
    None,       ///< the members stand side by side, without a number for all
};
std::string_view to_string(Weighting weighting);  ///< as in group files

struct GroupMember {
    std::string name;                 ///< a task, a family or another group
    std::string metric;               ///< empty: the task's first
    nlohmann::json settings() const;  ///< the fields of the task that the group sets
    std::optional<std::uint32_t> fewshot;
    std::optional<std::size_t> sample;  ///< documents, spread evenly over the split
};

/// A named list of tasks with one way to average them. Immutable after loading.
struct Group {
    /// `where` is the file's name for messages. Throws SuiteError.
    static Group from_json(const nlohmann::json& definition, const std::string& where);

    std::string name;
    std::string profile;
    std::string description;
    Weighting weighting = Weighting::Members;
    std::vector<GroupMember> members;
};

/// With weights w that add up to 1: value = sum of w v; standard error = sqrt(sum of (w s)^2), since members are
/// independent; and where every member has an interval from l to u, the group's by the method of variance estimates
/// recovery (Zou and Donner 2008, Statistics in Medicine 27:1693): from value - sqrt(sum of (w (v - l))^2) to
/// value + sqrt(sum of (w (u - v))^2). That of shares stays inside 0 to 1 as its members' do.
struct GroupScore {
    double value = 0;
    double standard_error = 0;
    std::optional<Range> ci95 = {};
    std::size_t items = 0;
    std::vector<std::string> missing;  ///< members without a number, also inside members; the value is of the others
};

/// A member's number as the caller finds it, also for members that are groups themselves.
using MemberScore = std::function<std::optional<Aggregate>(const GroupMember& member)>;

/// nullopt when no member has a number, or the group has none by its rule.
std::optional<GroupScore> aggregate_group(const Group& group, const MemberScore& score_of);

}  // namespace suites
