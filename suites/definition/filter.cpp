#include "suites/definition/filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

using nlohmann::json;

constexpr std::uint32_t kMaxSamples = 1000;

PatternStep pattern_step(const Fields& fields) {
    PatternStep step{.pattern = fields.pattern("pattern", fields.text("pattern"))};
    if (fields.has("take") && fields.one_of("take", {"first", "last"}) == "last") step.take = PatternStep::Take::Last;
    return step;
}

transforms::Matcher matcher_step(const Fields& fields) {
    const std::string name = fields.text("matcher");
    const transforms::Matcher matcher = transforms::find_matcher(name);
    if (matcher == nullptr)
        fields.fail("matcher", fmt::format("is '{}'{}", name, suggestion(name, transforms::matcher_names())));
    return matcher;
}

transforms::TextTransform transform_step(const Fields& fields) {
    const std::string name = fields.text("transform");
    const transforms::TextTransform transform = transforms::find_text_transform(name);
    if (transform == nullptr)
        fields.fail("transform", fmt::format("is '{}'{}", name, suggestion(name, transforms::text_transform_names())));
    return transform;
}

FilterStep parse_step(const Fields& fields) {
    fields.only({"pattern", "take", "matcher", "transform", "first", "vote"});
    std::vector<FilterStep> steps;
    if (fields.has("pattern")) {
        steps.emplace_back(pattern_step(fields));
    } else if (fields.has("take")) {
        fields.fail("take", "has no meaning without \"pattern\"");
    }
    if (fields.has("matcher")) steps.emplace_back(matcher_step(fields));
    if (fields.has("transform")) steps.emplace_back(transform_step(fields));
    if (fields.has("first"))
        steps.emplace_back(FirstStep{fields.count("first", {.otherwise = 1, .min = 1, .max = kMaxSamples})});
    if (fields.flag("vote")) steps.emplace_back(VoteStep{});
    if (steps.size() != 1)
        fields.fail("steps", "needs exactly one of pattern, matcher, transform, first and vote in each step");
    return std::move(steps.front());
}

}  // namespace

Filter parse_filter(const Fields& fields) {
    Filter filter{.name = fields.text("name"), .steps = {}};
    if (filter.name.empty() || filter.name.find(',') != std::string::npos)
        fields.fail("name", "must be a string without a comma");
    if (!fields.has("steps")) {
        json step = json::object();
        fields.only({"name", "pattern", "take"});
        step["pattern"] = fields.required("pattern");
        if (fields.has("take")) step["take"] = fields["take"];
        filter.steps.push_back(parse_step(Fields(step, fields.where())));
        return filter;
    }
    fields.only({"name", "steps"});
    if (!fields["steps"].is_array() || fields["steps"].empty())
        fields.fail("steps", "must be a list of objects, such as [{\"pattern\": \"[0-9]+\"}]");
    for (const json& step : fields["steps"]) {
        filter.steps.push_back(
            parse_step(Fields(step, fmt::format("{}: steps[{}]", fields.where(), filter.steps.size()))));
    }
    return filter;
}

std::size_t Filter::samples_left(std::size_t samples) const {
    for (const FilterStep& step : steps) {
        if (const auto* first = std::get_if<FirstStep>(&step)) samples = std::min(samples, first->samples);
        if (std::holds_alternative<VoteStep>(step)) samples = std::min<std::size_t>(samples, 1);
    }
    return samples;
}

}  // namespace suites::definition
