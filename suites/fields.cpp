#include "suites/fields.hpp"

#include <fmt/format.h>

#include <map>

#include "suites/json_text.hpp"
#include "suites/suggestion.hpp"
#include "suites/task.hpp"

namespace suites {
namespace {

using nlohmann::json;

// RE2 runs in linear time; this keeps the time to compile a pattern small too.
constexpr std::size_t kLongestPattern = 4096;
constexpr int kLargestProgram = 20000;
constexpr std::size_t kLongestList = 1000;

/// How a field may look, for messages.
const std::map<std::string, std::string, std::less<>> kExamples = {
    {"name", R"("arc_easy")"},
    {"version", "1"},
    {"profile", R"("lmeval")"},
    {"kind", R"("choice")"},
    {"description", R"("Grade-school science questions")"},
    {"source", R"("allenai/ai2_arc, ARC-Easy")"},
    {"licence", R"("CC BY-SA 4.0")"},
    {"citation", R"("Clark et al. 2018, arXiv 1803.05457")"},
    {"data", R"({"test": ["arc/ARC-Easy/test.jsonl"]})"},
    {"test", R"(["arc/ARC-Easy/test.jsonl"])"},
    {"shots", R"(["arc/ARC-Easy/train.jsonl"])"},
    {"columns", R"(["question", "answer"])"},
    {"documents", "2376"},
    {"fewshot", "5"},
    {"sampler", R"("first_n")"},
    {"examples", R"([{"question": "1 + 1?", "answer": "2"}])"},
    {"prompt", R"("Question: {{question}}\nAnswer:")"},
    {"choices", R"("choices.text" or ["yes", "no"])"},
    {"gold", R"("answer" or 0)"},
    {"gold_labels", R"(["A", "B", "C", "D"])"},
    {"gold_mask", R"("targets.labels")"},
    {"continuation", R"("{{sentence|after_blank}}")"},
    {"calibration", R"("Answer:")"},
    {"answer", R"("{{answer}}")"},
    {"references", R"("answer.aliases")"},
    {"until", R"(["\n"])"},
    {"max_tokens", "256"},
    {"repeats", "8"},
    {"temperature", "0.2"},
    {"top_p", "0.95"},
    {"filters", R"x([{"name": "number", "pattern": "([0-9]+)", "take": "last"}])x"},
    {"steps", R"([{"pattern": "[0-9]+"}, {"vote": true}])"},
    {"pattern", R"x("#### ([0-9]+)")x"},
    {"take", R"("last")"},
    {"ignore", R"([",", "\\$"])"},
    {"metrics", R"(["acc", "acc_norm"])"},
    {"fields", R"({"query": "{{a}}: {{b}}"})"},
    {"subtasks", R"(["anatomy", "astronomy"])"},
    {"extends", R"("openbookqa")"},
    {"group", R"("my-group")"},
    {"members", R"(["arc_easy", {"task": "gsm8k", "fewshot": 8}])"},
    {"weighting", R"("members")"},
    {"task", R"("arc_easy")"},
    {"likelihoods", R"([" unanswerable"])"},
    {"sample", "50"},
};

}  // namespace

Fields::Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) throw SuiteError(where_ + ": must be a JSON object");
}

void Fields::fail(const std::string& field, const std::string& what) const {
    const auto example = kExamples.find(field);
    const bool unwanted = what.find("has no meaning") != std::string::npos;
    const std::string shown =
        example == kExamples.end() || unwanted ? "" : fmt::format(" (for example {})", example->second);
    throw SuiteError(fmt::format("{}: field \"{}\" {}{}", where_, in_message(field), in_message(what), shown));
}

const json& Fields::required(const char* field) const {
    if (!has(field)) fail(field, "is missing");
    return object_[field];
}

std::string Fields::text(const char* field) const {
    if (!required(field).is_string()) fail(field, "must be a text");
    return object_[field].get<std::string>();
}

std::string Fields::text_or(const char* field, const std::string& otherwise) const {
    return has(field) ? text(field) : otherwise;
}

std::uint32_t Fields::count(const char* field, std::uint32_t otherwise, std::uint32_t least, std::uint32_t most) const {
    if (!has(field)) return otherwise;
    const json& value = object_[field];
    if (!value.is_number_integer() || value.get<std::int64_t>() > most || value.get<std::int64_t>() < least) {
        fail(field, fmt::format("must be a whole number from {} to {}", least, most));
    }
    return value.get<std::uint32_t>();
}

std::optional<float> Fields::number(const char* field, float least, float most) const {
    if (!has(field)) return std::nullopt;
    const json& value = object_[field];
    if (!value.is_number() || value.get<double>() < static_cast<double>(least) ||
        value.get<double>() > static_cast<double>(most)) {
        fail(field, fmt::format("must be a number from {} to {}", least, most));
    }
    return value.get<float>();
}

bool Fields::flag(const char* field) const {
    if (!has(field)) return false;
    if (!object_[field].is_boolean()) fail(field, "must be true or false");
    return object_[field].get<bool>();
}

std::vector<std::string> Fields::texts(const char* field) const {
    if (!has(field)) return {};
    std::vector<std::string> result;
    const json& list = object_[field];
    if (!list.is_array()) fail(field, "must be a list of texts");
    for (const json& entry : list) {
        if (!entry.is_string()) fail(field, "must be a list of texts");
        result.push_back(entry.get<std::string>());
    }
    if (result.size() > kLongestList) fail(field, fmt::format("has {} texts; {} at most", result.size(), kLongestList));
    return result;
}

FieldPath Fields::path(const char* field) const {
    const std::string written = text(field);
    try {
        return FieldPath::parse(written);
    } catch (const SuiteError& error) {
        fail(field, error.what());
    }
}

Template Fields::form(const char* field, const std::string& text) const {
    try {
        return Template::parse(text);
    } catch (const SuiteError& error) {
        fail(field, error.what());
    }
}

Template Fields::form(const char* field) const {
    return has(field) ? form(field, text(field)) : Template();
}

std::shared_ptr<const RE2> Fields::pattern(const char* field, const std::string& text) const {
    if (text.empty()) fail(field, "has an empty pattern, which is found everywhere");
    if (text.size() > kLongestPattern)
        fail(field, fmt::format("has a pattern of {} bytes; {} at most", text.size(), kLongestPattern));
    auto compiled = std::make_shared<RE2>(text, RE2::Quiet);
    if (!compiled->ok()) fail(field, fmt::format("has the pattern '{}': {}", text, compiled->error()));
    // Counts such as {1000} multiply a pattern, and each step through a text may go through all of it.
    if (compiled->ProgramSize() > kLargestProgram)
        fail(field, fmt::format("has the pattern '{}', which is {} instructions long; {} at most, so count less", text,
                                compiled->ProgramSize(), kLargestProgram));
    return compiled;
}

std::string Fields::one_of(const char* field, const std::set<std::string>& known) const {
    const std::string value = text(field);
    if (!known.contains(value)) fail(field, fmt::format("is '{}'{}", value, suggestion(value, known)));
    return value;
}

void Fields::only(const std::set<std::string>& known) const {
    for (const auto& [key, value] : object_.items()) {
        if (!known.contains(key)) fail(key, "is not known" + suggestion(key, known));
    }
}

void Fields::none_of(const std::string& owner, std::initializer_list<const char*> names) const {
    for (const char* name : names) {
        if (has(name)) fail(name, "has no meaning for " + owner);
    }
}

}  // namespace suites
