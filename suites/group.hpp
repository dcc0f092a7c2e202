#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "suites/metric.hpp"

namespace suites {

/// How a group's score is computed from its members' scores.
enum class Weighting {
    Documents,  ///< mean over all documents: members are weighted by their number of documents
    Members,    ///< unweighted mean of the members
    None,       ///< no score for the group
};
std::string_view to_string(Weighting weighting);  ///< the word used in group files

struct GroupMember {
    std::string name;                 ///< a task, a family or another group
    std::string metric;               ///< empty: the task's first metric
    nlohmann::json settings() const;  ///< fields that the group sets in the task's definition
    std::optional<std::uint32_t> fewshot;
    std::optional<std::size_t> sample;  ///< number of documents, spread evenly over the split
};

/// A named list of tasks and the way to average them. Immutable after loading.
struct Group {
    /// `where`: the file's name, for error messages. Throws SuiteError.
    static Group from_json(const nlohmann::json& definition, const std::string& where);

    std::string name;
    std::string profile;
    std::string description;
    Weighting weighting = Weighting::Members;
    std::vector<GroupMember> members;
};

/// With weights w that add up to 1: value = sum of w v; standard error = sqrt(sum of (w s)^2), since members are
/// independent; and where every member has an interval from l to u, the group's by the method of variance estimates
/// recovery (Zou and Donner 2008, Statistics in Medicine 27:1693): from value - sqrt(sum of (w (v - l))^2) to value +
/// sqrt(sum of (w (u - v))^2). The interval of a group of shares stays within 0 to 1, because those of its members do.
struct GroupScore {
    double value = 0;
    double standard_error = 0;
    std::optional<Range> ci95 = {};
    std::size_t items = 0;
    std::vector<std::string> missing;  ///< members without a score, also inside members; `value` is over the others
};

/// Gives a member's score, also for members that are groups.
using MemberScore = std::function<std::optional<Aggregate>(const GroupMember& member)>;

/// nullopt when no member has a score, or for Weighting::None.
std::optional<GroupScore> aggregate_group(const Group& group, const MemberScore& score_of);

}  // namespace suites
