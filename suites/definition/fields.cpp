#include "suites/definition/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "suites/data/json_text.hpp"
#include "suites/error.hpp"
#include "suites/json_kind.hpp"
#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

using nlohmann::json;

// RE2 matches in linear time; these limits also keep the time to compile a pattern short.
constexpr std::size_t kMaxPatternBytes = 4096;
constexpr int kMaxProgram = 20000;
constexpr std::size_t kMaxListSize = 1000;

/// Examples of field values, for error messages.
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
    {"grader", R"("refusal")"},
    {"system", R"("You are a helpful assistant.")"},
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

void Mistakes::add(const std::string& subject, std::string message) {
    subjects_.insert(subject);
    if (std::find(messages_.begin(), messages_.end(), message) == messages_.end())
        messages_.push_back(std::move(message));
}

bool Mistakes::in(std::initializer_list<const char*> subjects) const {
    return std::any_of(subjects.begin(), subjects.end(),
                       [this](const char* subject) { return subjects_.contains(subject); });
}

void Mistakes::report() const {
    if (any()) throw SuiteError(fmt::format("{}", fmt::join(messages_, "\n")));
}

Fields::Fields(const json& object, std::string where, Mistakes* mistakes)
    : object_(object), where_(std::move(where)), mistakes_(mistakes) {
    if (!object.is_object())
        throw SuiteError(fmt::format("{}: must be a JSON object, not {}", where_, kind_of(object)));
}

Fields Fields::nested(const json& object, std::string where) const {
    return Fields(object, std::move(where), mistakes_);
}

void Fields::fail(const std::string& field, const std::string& what) const {
    const auto example = kExamples.find(field);
    const bool unwanted = what.find("has no meaning") != std::string::npos;
    const std::string shown =
        example == kExamples.end() || unwanted ? "" : fmt::format(" (for example {})", example->second);
    throw SuiteError(
        fmt::format("{}: field \"{}\" {}{}", where_, data::in_message(field), data::in_message(what), shown));
}

void Fields::wants(const char* field, bool is_right, const std::string& wanted) const {
    if (!is_right) fail(field, fmt::format("must be {}, not {}", wanted, kind_of(object_[field])));
}

const json& Fields::required(const char* field) const {
    if (!has(field)) fail(field, "is missing");
    return object_[field];
}

std::string Fields::text(const char* field) const {
    wants(field, required(field).is_string(), "a string");
    return object_[field].get<std::string>();
}

std::string Fields::text_or(const char* field, const std::string& otherwise) const {
    return has(field) ? text(field) : otherwise;
}

std::uint32_t Fields::count(const char* field, const Bounds& bounds) const {
    if (!has(field)) return bounds.otherwise;
    const json& value = object_[field];
    wants(field, value.is_number(), fmt::format("an integer from {} to {}", bounds.min, bounds.max));
    if (!value.is_number_integer() || value.get<std::int64_t>() > bounds.max ||
        value.get<std::int64_t>() < bounds.min) {
        fail(field, fmt::format("must be an integer from {} to {}", bounds.min, bounds.max));
    }
    return value.get<std::uint32_t>();
}

std::optional<float> Fields::number(const char* field, float min, float max) const {
    if (!has(field)) return std::nullopt;
    const json& value = object_[field];
    const std::string wanted = fmt::format("a number from {} to {}", min, max);
    wants(field, value.is_number(), wanted);
    if (value.get<double>() < static_cast<double>(min) || value.get<double>() > static_cast<double>(max))
        fail(field, "must be " + wanted);
    return value.get<float>();
}

bool Fields::flag(const char* field) const {
    if (!has(field)) return false;
    wants(field, object_[field].is_boolean(), "true or false");
    return object_[field].get<bool>();
}

std::vector<std::string> Fields::texts(const char* field) const {
    if (!has(field)) return {};
    std::vector<std::string> result;
    const json& list = object_[field];
    wants(field, list.is_array(), "a list of strings");
    for (const json& entry : list) {
        if (!entry.is_string()) fail(field, fmt::format("must be a list of strings, but one is {}", kind_of(entry)));
        result.push_back(entry.get<std::string>());
    }
    if (result.size() > kMaxListSize)
        fail(field, fmt::format("has {} entries; {} at most", result.size(), kMaxListSize));
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
    if (text.empty()) fail(field, "has an empty pattern, which matches everywhere");
    if (text.size() > kMaxPatternBytes)
        fail(field, fmt::format("has a pattern of {} bytes; {} at most", text.size(), kMaxPatternBytes));
    auto compiled = std::make_shared<RE2>(text, RE2::Quiet);
    if (!compiled->ok()) fail(field, fmt::format("has the pattern '{}': {}", text, compiled->error()));
    // Counts such as {1000} multiply the size of a pattern, and each character of a text may need time proportional to
    // it.
    if (compiled->ProgramSize() > kMaxProgram)
        fail(field, fmt::format("has the pattern '{}', which is {} instructions long, maximum {}; use smaller counts",
                                text, compiled->ProgramSize(), kMaxProgram));
    return compiled;
}

std::string Fields::one_of(const char* field, const std::set<std::string>& known) const {
    std::string value = text(field);
    if (!known.contains(value)) fail(field, fmt::format("is '{}'{}", value, suggestion(value, known)));
    return value;
}

void Fields::check_file(const char* field, const std::string& file) const {
    const bool plain =
        std::all_of(file.begin(), file.end(), [](char one) { return static_cast<unsigned char>(one) >= ' '; });
    if (file.empty() || !plain || file.front() == '/' || file.find("..") != std::string::npos)
        fail(field,
             fmt::format("names '{}'; files are named from the data folder, as in arc/ARC-Easy/test.jsonl", file));
}

void Fields::only(const std::set<std::string>& known) const {
    for (const auto& [key, value] : object_.items()) {
        if (!known.contains(key))
            attempt(key, [&, &unknown = key] { fail(unknown, "is not known" + suggestion(unknown, known)); });
    }
}

void Fields::none_of(const std::string& owner, std::initializer_list<const char*> names) const {
    for (const char* name : names) {
        if (has(name)) attempt(name, [&] { fail(name, "has no meaning for " + owner); });
    }
}

}  // namespace suites::definition
