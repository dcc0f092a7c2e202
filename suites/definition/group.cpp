#include "suites/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "suites/definition/fields.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxMembers = 1000;
constexpr const char* kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_-";

GroupMember member_of(const definition::Fields& group, const json& entry, const std::string& where) {
    if (entry.is_string()) return {.name = entry.get<std::string>(), .metric = "", .fewshot = {}, .sample = {}};
    if (!entry.is_object())
        group.fail("members",
                   "must be a list of names, or of objects such as {\"task\": \"arc_challenge\", \"fewshot\": 25}");
    const definition::Fields fields(entry, where);
    fields.only({"task", "metric", "fewshot", "sample"});
    GroupMember member{
        .name = fields.text("task"), .metric = fields.text_or("metric", ""), .fewshot = {}, .sample = {}};
    if (fields.has("fewshot")) member.fewshot = fields.count("fewshot", {.max = 100});
    if (fields.has("sample")) member.sample = fields.count("sample", {.min = 1, .max = 1000000});
    return member;
}

}  // namespace

std::string_view to_string(Weighting weighting) {
    switch (weighting) {
        case Weighting::Documents: return "documents";
        case Weighting::Members: return "members";
        case Weighting::None: return "none";
    }
    return "";
}

json GroupMember::settings() const {
    json fields = json::object();
    if (fewshot) fields["fewshot"] = *fewshot;
    if (sample) fields["sample"] = *sample;
    return fields;
}

namespace {

void read_group_name(const definition::Fields& fields, Group& group) {
    group.name = fields.text("group");
    if (group.name.empty() || group.name.size() > kMaxName ||
        group.name.find_first_not_of(kNameCharacters) != std::string::npos) {
        fields.fail("group",
                    fmt::format("is '{}'; a name has lower-case letters, digits, _ and -, at most {} characters",
                                group.name, kMaxName));
    }
}

void read_members(const definition::Fields& fields, Group& group) {
    const json& members = fields.required("members");
    if (!members.is_array() || members.empty() || members.size() > kMaxMembers)
        fields.fail("members", fmt::format("must be a list of names, 1 to {}", kMaxMembers));
    std::set<json> seen;
    std::size_t index = 0;
    for (const json& entry : members) {
        const std::string where = fmt::format("{}: members[{}]", fields.where(), index++);
        fields.attempt("members", [&] {
            if (!seen.insert(entry).second) fields.fail("members", fmt::format("has {} twice", entry.dump()));
            group.members.push_back(member_of(fields, entry, where));
        });
    }
}

}  // namespace

Group Group::from_json(const json& definition, const std::string& where) {
    definition::Mistakes mistakes;
    const definition::Fields fields(definition, where, &mistakes);
    fields.only({"group", "profile", "description", "weighting", "members"});
    Group group;
    fields.attempt("group", [&] { read_group_name(fields, group); });
    fields.attempt("profile", [&] { group.profile = fields.text("profile"); });
    fields.attempt("description", [&] { group.description = fields.text("description"); });
    fields.attempt("weighting", [&] {
        const std::string weighting = fields.one_of("weighting", {"documents", "members", "none"});
        group.weighting = weighting == "documents" ? Weighting::Documents
                          : weighting == "members" ? Weighting::Members
                                                   : Weighting::None;
    });
    fields.attempt("members", [&] { read_members(fields, group); });
    mistakes.report();
    return group;
}

namespace {

/// Sums over a group's members.
class GroupSum {
public:
    void add(const Aggregate& score, double weight) {
        const auto square = [weight](double x) { return weight * weight * x * x; };
        weights_ += weight;
        values_ += weight * score.value;
        variance_ += square(score.standard_error);
        items_ += score.items;
        intervals_ = intervals_ && score.ci95.has_value();
        if (!intervals_) return;
        lowest_ = std::min(lowest_, score.ci95->low);
        highest_ = std::max(highest_, score.ci95->high);
        below_ += square(score.value - score.ci95->low);
        above_ += square(score.ci95->high - score.value);
    }

    std::optional<GroupScore> total() const {
        if (weights_ <= 0) return std::nullopt;
        GroupScore whole{.value = values_ / weights_,
                         .standard_error = std::sqrt(variance_) / weights_,
                         .ci95 = {},
                         .items = items_};
        // Rounding must not move the ends past those of all members: 1.0000000000000002 is no share.
        if (intervals_)
            whole.ci95 = Range{std::max(lowest_, whole.value - std::sqrt(below_) / weights_),
                               std::min(highest_, whole.value + std::sqrt(above_) / weights_)};
        return whole;
    }

private:
    double weights_ = 0, values_ = 0, variance_ = 0;
    bool intervals_ = true;
    double below_ = 0, above_ = 0;
    double lowest_ = kInfinity, highest_ = -kInfinity;
    std::size_t items_ = 0;
};

}  // namespace

std::optional<GroupScore> aggregate_group(const Group& group, const MemberScore& score_of) {
    GroupSum sum;
    std::vector<std::string> missing;
    for (const GroupMember& member : group.members) {
        const std::optional<Aggregate> score = group.weighting == Weighting::None ? std::nullopt : score_of(member);
        if (score) {
            sum.add(*score, group.weighting == Weighting::Documents ? static_cast<double>(score->items) : 1);
        } else {
            missing.push_back(member.name);
        }
    }
    std::optional<GroupScore> whole = sum.total();
    if (whole) whole->missing = std::move(missing);
    return whole;
}

}  // namespace suites
