#include "suites/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "suites/suggestion.hpp"
#include "suites/transforms/text.hpp"

namespace suites {
namespace {

using nlohmann::json;
using Answers = std::vector<std::optional<std::string>>;

/// The first or last match: its only group, or the first of several that is not empty, stripped. nullopt when nothing
/// matches or all of several groups are empty; one group alone may be.
std::optional<std::string> extract(const FilterStep& step, const std::string& text) {
    std::optional<std::string> found;
    const int groups = step.pattern->NumberOfCapturingGroups() + 1;
    std::vector<re2::StringPiece> match(static_cast<std::size_t>(groups));
    std::size_t at = 0;
    while (at <= text.size() && step.pattern->Match(text, at, text.size(), RE2::UNANCHORED, match.data(), groups)) {
        found.reset();
        if (match.size() <= 2) found = std::string(match.back());
        for (std::size_t group = 1; group < match.size() && !found; ++group) {
            if (!match[group].empty()) found = std::string(match[group]);
        }
        if (!step.last) break;
        const auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
        at = std::max(end, at + 1);
    }
    return found ? std::optional(strip(*found)) : std::nullopt;
}

Answers voted(const Answers& answers) {
    std::map<std::optional<std::string>, std::size_t> counts;
    for (const auto& answer : answers) ++counts[answer];
    const auto most = std::max_element(answers.begin(), answers.end(),
                                       [&](const auto& a, const auto& b) { return counts[a] < counts[b]; });
    return most == answers.end() ? Answers{} : Answers{*most};
}

FilterStep parse_step(const Fields& fields) {
    fields.only({"pattern", "take", "matcher", "transform", "first", "vote"});
    FilterStep step;
    int kinds = 0;
    if (fields.has("pattern")) {
        step.pattern = fields.pattern("pattern", fields.text("pattern"));
        step.last = fields.has("take") && fields.one_of("take", {"first", "last"}) == "last";
        ++kinds;
    } else if (fields.has("take")) {
        fields.fail("take", "has no meaning without \"pattern\"");
    }
    if (fields.has("matcher")) {
        const std::string name = fields.text("matcher");
        step.matcher = find_matcher(name);
        if (step.matcher == nullptr)
            fields.fail("matcher", fmt::format("is '{}'{}", name, suggestion(name, matcher_names())));
        ++kinds;
    }
    if (fields.has("transform")) {
        const std::string name = fields.text("transform");
        step.transform = find_text_transform(name);
        if (step.transform == nullptr)
            fields.fail("transform", fmt::format("is '{}'{}", name, suggestion(name, text_transform_names())));
        ++kinds;
    }
    if (fields.has("first")) {
        step.first = fields.count("first", 1, 1, 1000);
        ++kinds;
    }
    step.vote = fields.flag("vote");
    kinds += step.vote ? 1 : 0;
    if (kinds != 1)
        fields.fail("steps", "needs exactly one of pattern, matcher, transform, first and vote in each step");
    return step;
}

}  // namespace

Filter Filter::parse(const Fields& fields) {
    Filter filter;
    filter.name_ = fields.text("name");
    if (filter.name_.empty() || filter.name_.find(',') != std::string::npos)
        fields.fail("name", "must be a text without a comma");
    if (!fields.has("steps")) {
        json step = json::object();
        fields.only({"name", "pattern", "take"});
        step["pattern"] = fields.required("pattern");
        if (fields.has("take")) step["take"] = fields["take"];
        filter.steps_ = {parse_step(Fields(step, fields.where()))};
        return filter;
    }
    fields.only({"name", "steps"});
    if (!fields["steps"].is_array() || fields["steps"].empty())
        fields.fail("steps", "must be a list of objects, such as [{\"pattern\": \"[0-9]+\"}]");
    for (const json& step : fields["steps"]) {
        filter.steps_.push_back(
            parse_step(Fields(step, fmt::format("{}: steps[{}]", fields.where(), filter.steps_.size()))));
    }
    return filter;
}

Answers Filter::apply(const std::vector<std::string>& outputs) const {
    Answers answers(outputs.begin(), outputs.end());
    for (const FilterStep& step : steps_) {
        if (step.first != 0 && answers.size() > step.first) answers.resize(step.first);
        if (step.vote) answers = voted(answers);
        for (auto& answer : answers) {
            if (!answer) continue;
            if (step.pattern) answer = extract(step, *answer);
            if (step.matcher != nullptr) answer = step.matcher(*answer);
            if (step.transform != nullptr) answer = step.transform(*answer);
        }
    }
    return answers;
}

}  // namespace suites
