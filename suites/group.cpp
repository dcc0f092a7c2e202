#include "suites/group.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "suites/fields.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostMembers = 1000;
constexpr const char* kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_-";

GroupMember member_of(const Fields& group, const json& entry, const std::string& where) {
    if (entry.is_string()) return {.name = entry.get<std::string>(), .metric = "", .fewshot = {}, .sample = {}};
    if (!entry.is_object())
        group.fail("members",
                   "must be a list of names, or of objects such as {\"task\": \"arc_challenge\", \"fewshot\": 25}");
    const Fields fields(entry, where);
    fields.only({"task", "metric", "fewshot", "sample"});
    GroupMember member{
        .name = fields.text("task"), .metric = fields.text_or("metric", ""), .fewshot = {}, .sample = {}};
    if (fields.has("fewshot")) member.fewshot = fields.count("fewshot", 0, 0, 100);
    if (fields.has("sample")) member.sample = fields.count("sample", 0, 1, 1000000);
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

Group Group::from_json(const json& definition, const std::string& where) {
    const Fields fields(definition, where);
    fields.only({"group", "profile", "description", "weighting", "members"});
    Group group;
    group.name = fields.text("group");
    if (group.name.empty() || group.name.size() > kLongestName ||
        group.name.find_first_not_of(kNameCharacters) != std::string::npos) {
        fields.fail("group", fmt::format("is '{}'; a name has lower-case letters, digits, _ and -, {} at most",
                                         group.name, kLongestName));
    }
    group.profile = fields.text("profile");
    group.description = fields.text("description");
    const std::string weighting = fields.one_of("weighting", {"documents", "members", "none"});
    group.weighting = weighting == "documents" ? Weighting::Documents
                      : weighting == "members" ? Weighting::Members
                                               : Weighting::None;
    const json& members = fields.required("members");
    if (!members.is_array() || members.empty() || members.size() > kMostMembers)
        fields.fail("members", fmt::format("must be a list of names, 1 to {}", kMostMembers));
    std::set<json> seen;
    for (const json& entry : members) {
        if (!seen.insert(entry).second) fields.fail("members", fmt::format("has {} twice", entry.dump()));
        group.members.push_back(member_of(fields, entry, fmt::format("{}: members[{}]", where, group.members.size())));
    }
    return group;
}

std::optional<GroupScore> aggregate_group(const Group& group, const MemberScore& score_of) {
    GroupScore result;
    double weights = 0;
    double variance = 0;
    for (const GroupMember& member : group.members) {
        const std::optional<Aggregate> score = group.weighting == Weighting::None ? std::nullopt : score_of(member);
        if (!score) {
            result.missing.push_back(member.name);
            continue;
        }
        const double weight = group.weighting == Weighting::Documents ? static_cast<double>(score->items) : 1;
        weights += weight;
        result.value += weight * score->value;
        variance += weight * weight * score->standard_error * score->standard_error;
        result.items += score->items;
    }
    if (weights <= 0) return std::nullopt;
    result.value /= weights;
    result.standard_error = std::sqrt(variance) / weights;
    return result;
}

}  // namespace suites
