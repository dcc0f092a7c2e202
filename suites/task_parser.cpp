// A task file -> Task::Definition.

#include <fmt/format.h>

#include <algorithm>

#include "suites/fields.hpp"
#include "suites/suggestion.hpp"
#include "suites/task_definition.hpp"

namespace suites {
namespace {

using nlohmann::json;

// clang-format off
const std::set<std::string> kFields = {
    "name", "version", "profile", "kind", "description", "source", "licence", "citation", "data", "document",
    "fields", "chat", "sample", "fewshot", "fewshot_fixed", "sampler", "extra_draw", "examples", "preamble",
    "target_delimiter", "fewshot_delimiter", "shot_prompt", "shot_answer", "prompt", "choices", "gold",
    "gold_labels", "gold_mask", "continuation", "calibration", "answer", "references", "wrong_references", "until",
    "max_tokens", "repeats", "temperature", "top_p", "filters", "ignore", "ignore_case", "ignore_punctuation",
    "ignore_digits", "grader", "submission", "likelihoods", "transform", "metrics", "lower_is_better"};
// clang-format on
const std::set<std::string> kKinds = {"choice", "continuation", "generate", "rolling"};
const std::set<std::string> kFileEndings = {".jsonl", ".json", ".csv", ".tsv"};
// Beside those of the registry: what the caller supplies, and two that need more than a text.
const std::set<std::string> kOtherGraders = {"python", "refusal", "compliance", "vader", "none"};
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostEntries = 1000;

// Fields that only some kinds have.
constexpr std::initializer_list<const char*> kOfChoices = {"choices", "gold", "gold_labels", "gold_mask",
                                                           "calibration"};
constexpr std::initializer_list<const char*> kOfGenerations = {
    "answer",        "references", "wrong_references", "until",      "max_tokens",  "repeats",
    "temperature",   "top_p",      "filters",          "ignore",     "ignore_case", "ignore_punctuation",
    "ignore_digits", "grader",     "submission",       "likelihoods"};
constexpr std::initializer_list<const char*> kOfPrompts = {
    "preamble", "target_delimiter", "fewshot_delimiter", "sampler",     "extra_draw",
    "examples", "fewshot_fixed",    "shot_prompt",       "shot_answer", "chat"};

void check_file(const Fields& fields, const char* field, const std::string& file) {
    const bool plain =
        std::all_of(file.begin(), file.end(), [](char one) { return static_cast<unsigned char>(one) >= ' '; });
    if (file.empty() || !plain || file.front() == '/' || file.find("..") != std::string::npos) {
        fields.fail(field,
                    fmt::format("names '{}'; files stand below the data folder, as in arc/ARC-Easy/test.jsonl", file));
    }
}

void check_rows_file(const Fields& fields, const char* field, const std::string& file) {
    check_file(fields, field, file);
    std::string_view name = file;
    if (name.ends_with(".gz")) name.remove_suffix(3);
    if (!std::any_of(kFileEndings.begin(), kFileEndings.end(), [&](const auto& end) { return name.ends_with(end); }))
        fields.fail(field, fmt::format("names '{}'; the format goes by the ending: .jsonl, .json, .csv or .tsv", file));
}

void read_data(const Fields& fields, Task::Definition& task) {
    if (!fields.required("data").is_object()) fields.fail("data", "must be an object");
    const Fields data(fields["data"], fields.where() + ": data");
    data.only({"test", "shots", "columns", "documents", "preamble", "where", "lexicon", "emoji"});
    data.required("test");
    task.test_files = data.texts("test");
    task.shot_files = data.texts("shots");
    task.columns = data.texts("columns");
    if (std::set<std::string>(task.columns.begin(), task.columns.end()).size() < task.columns.size())
        data.fail("columns", "has a name twice");
    task.preamble_file = data.text_or("preamble", "");
    task.lexicon_file = data.text_or("lexicon", "");
    task.emoji_file = data.text_or("emoji", "");
    if (data.has("where")) {
        if (!data["where"].is_object() || data["where"].empty())
            data.fail("where", "must be an object such as {\"category\": \"judaism\"}");
        for (const auto& [name, value] : data["where"].items()) {
            if (!value.is_string()) data.fail("where", fmt::format("has '{}', which must be a text", name));
            task.where.emplace_back(name, value.get<std::string>());
        }
    }
    if (data.has("documents")) task.documents = data.count("documents", 0, 1, 100000000);
    if (task.test_files.empty()) data.fail("test", "names no file");
    for (const std::string& file : task.test_files) check_rows_file(data, "test", file);
    for (const std::string& file : task.shot_files) check_rows_file(data, "shots", file);
    if (data.has("preamble")) check_file(data, "preamble", task.preamble_file);
    if (data.has("lexicon")) check_file(data, "lexicon", task.lexicon_file);
    if (data.has("emoji")) check_file(data, "emoji", task.emoji_file);
}

void read_examples(const Fields& fields, Task::Definition& task) {
    task.fewshot = fields.count("fewshot", 0, 0, 100);
    task.fewshot_fixed = fields.flag("fewshot_fixed");
    task.first_n = fields.has("sampler") && fields.one_of("sampler", {"random", "first_n"}) == "first_n";
    if (fields.has("extra_draw")) task.extra_draw = fields.flag("extra_draw");
    if (task.first_n && task.extra_draw.value_or(false))
        fields.fail("extra_draw", "has no meaning with the sampler first_n, which draws nothing");
    if (fields.has("examples")) {
        if (!fields["examples"].is_array()) fields.fail("examples", "must be a list of rows");
        if (!task.shot_files.empty()) fields.fail("examples", "stands beside data.shots; examples come from one place");
        for (const json& row : fields["examples"]) {
            if (!row.is_object())
                fields.fail("examples", "must be a list of rows, each an object such as {\"question\": \"...\"}");
            task.examples.push_back(row);
        }
        if (task.examples.size() < task.fewshot)
            fields.fail("examples",
                        fmt::format("has {} rows, \"fewshot\" wants {}", task.examples.size(), task.fewshot));
    } else if (task.fewshot > 0 && task.shot_files.empty()) {
        fields.fail("fewshot", "asks for examples, but neither data.shots nor \"examples\" has any");
    }
    task.preamble = fields.text_or("preamble", "");
    if (!task.preamble.empty() && !task.preamble_file.empty())
        fields.fail("preamble", "stands beside data.preamble; it comes from one place");
    task.target_delimiter = fields.text_or("target_delimiter", " ");
    task.fewshot_delimiter = fields.text_or("fewshot_delimiter", "\n\n");
    task.shot_prompt = fields.form("shot_prompt");
    task.shot_answer = fields.form("shot_answer");
}

/// A template with a value of the row in it at least.
Template varying(const Fields& fields, const char* field, const std::string& text) {
    Template form = fields.form(field, text);
    if (!form.has_values()) fields.fail(field, "has no {{field}} in it, so it would be the same for every document");
    return form;
}

void read_prompt(const Fields& fields, Task::Definition& task) {
    if (!fields.required("prompt").is_array()) {
        task.prompts = {varying(fields, "prompt", fields.text("prompt"))};
        return;
    }
    if (task.kind != RequestKind::Choice || task.single) {
        fields.fail("prompt", "must be one text; only tasks of kind choice have one per choice");
    }
    for (const std::string& form : fields.texts("prompt")) task.prompts.push_back(varying(fields, "prompt", form));
    if (task.prompts.size() < 2) fields.fail("prompt", "must be a text, or a list of two or more");
}

void read_gold(const Fields& fields, Task::Definition& task) {
    if (fields.has("gold_mask")) {
        if (fields.has("gold") || fields.has("gold_labels"))
            fields.fail("gold_mask", "stands beside gold or gold_labels; one of them says what is right");
        task.gold_mask = fields.path("gold_mask");
        return;
    }
    if (fields.required("gold").is_number()) {
        task.gold = static_cast<std::size_t>(fields.count("gold", 0, 0, 1000));
    } else {
        task.gold = fields.path("gold");
    }
    if (!fields.has("gold_labels")) return;
    if (fields["gold"].is_number()) fields.fail("gold_labels", "has no meaning when \"gold\" is a number");
    if (fields["gold_labels"].is_array()) {
        task.gold_labels = fields.texts("gold_labels");
        if (fields["gold_labels"].empty()) fields.fail("gold_labels", "is empty");
    } else {
        task.gold_labels = fields.path("gold_labels");
    }
}

/// A right choice that the file itself names must be one of the choices that it names.
void check_gold(const Fields& fields, const Task::Definition& task, std::size_t choices) {
    const auto* fixed = std::get_if<std::size_t>(&task.gold);
    if (!task.gold_mask && fixed != nullptr && *fixed >= choices)
        fields.fail("gold", fmt::format("is {}, and there are {} choices, of which the first is 0", *fixed, choices));
}

void read_choice(const Fields& fields, Task::Definition& task) {
    read_gold(fields, task);
    if (fields.has("calibration")) task.calibration = fields.text("calibration");
    if (task.prompts.size() > 1) {
        fields.none_of("a task with one prompt for each choice", {"choices", "calibration"});
        fields.required("continuation");
        task.continuation = varying(fields, "continuation", fields.text("continuation"));
        check_gold(fields, task, task.prompts.size());
        return;
    }
    fields.none_of("a task of kind choice with one prompt", {"continuation"});
    if (!fields.required("choices").is_array()) {
        task.choice_list = fields.path("choices");
        return;
    }
    for (const std::string& form : fields.texts("choices")) task.choice_forms.push_back(fields.form("choices", form));
    if (task.choice_forms.size() < 2)
        fields.fail("choices", "must be the path of a list, or a list of two texts or more");
    check_gold(fields, task, task.choice_forms.size());
}

void read_filters(const Fields& fields, Task::Definition& task) {
    if (!fields.has("filters")) return;
    if (!fields["filters"].is_array() || fields["filters"].size() > kMostEntries)
        fields.fail("filters", fmt::format("must be a list of objects, {} at most", kMostEntries));
    for (const json& entry : fields["filters"]) {
        if (!entry.is_object()) fields.fail("filters", "must be a list of objects");
        Filter filter =
            Filter::parse(Fields(entry, fmt::format("{}: filters[{}]", fields.where(), task.filters.size())));
        const bool twice = std::any_of(task.filters.begin(), task.filters.end(),
                                       [&](const Filter& one) { return one.name() == filter.name(); });
        if (twice) fields.fail("filters", fmt::format("has '{}' twice", filter.name()));
        task.filters.push_back(std::move(filter));
    }
}

void read_generate(const Fields& fields, Task::Definition& task) {
    task.grader = fields.text_or("grader", "");
    task.submission = fields.form("submission");
    if (task.grader.empty()) {
        fields.none_of("a task without \"grader\"", {"submission"});
    } else {
        fields.none_of("a task with \"grader\"", {"ignore", "ignore_case", "ignore_punctuation", "ignore_digits"});
    }
    task.answer = fields.form("answer");
    if (fields.has("references")) task.references = fields.path("references");
    if (fields.has("wrong_references")) task.wrong_references = fields.path("wrong_references");
    if (task.grader.empty() && !fields.has("answer") && !fields.has("references")) {
        fields.fail("answer", "is missing; \"answer\", \"references\" or \"grader\" says what is right");
    }
    task.until = fields.texts("until");
    for (const std::string& stop : task.until) {
        if (stop.empty()) fields.fail("until", "has an empty text, which would stop at once");
    }
    task.max_tokens = fields.count("max_tokens", 256, 1, 100000);
    task.repeats = fields.count("repeats", 1, 1, 1000);
    task.temperature = fields.number("temperature", 0, 100);
    task.top_p = fields.number("top_p", 0, 1);
    if (task.repeats > 1 && (!task.temperature || *task.temperature == 0.0F)) {
        fields.fail("repeats", "asks for several samples, which are all the same unless \"temperature\" is above 0");
    }
    if (!task.grader.empty() && find_answer_grader(task.grader) == nullptr && !kOtherGraders.contains(task.grader)) {
        std::set<std::string> known = answer_grader_names();
        known.insert(kOtherGraders.begin(), kOtherGraders.end());
        fields.fail("grader", fmt::format("is '{}'{}", task.grader, suggestion(task.grader, known)));
    }
    read_filters(fields, task);
    for (const std::string& pattern : fields.texts("ignore")) task.ignore.push_back(fields.pattern("ignore", pattern));
    task.ignore_case = fields.flag("ignore_case");
    task.ignore_punctuation = fields.flag("ignore_punctuation");
    task.ignore_digits = fields.flag("ignore_digits");
    task.likelihoods = fields.texts("likelihoods");
}

void read_kind(const Fields& fields, Task::Definition& task) {
    const std::string kind = fields.one_of("kind", kKinds);
    const std::string owner = "a task of kind " + kind;
    task.single = kind == "continuation";
    task.kind = kind == "generate"  ? RequestKind::Generate
                : kind == "rolling" ? RequestKind::Rolling
                                    : RequestKind::Choice;
    if (kind != "choice") fields.none_of(owner, kOfChoices);
    if (kind != "generate") fields.none_of(owner, kOfGenerations);
    if (kind != "choice" && kind != "continuation") fields.none_of(owner, {"continuation"});
    if (kind != "rolling") fields.none_of(owner, {"transform"});
    if (kind == "rolling") {
        fields.none_of(owner, kOfPrompts);
        if (task.fewshot > 0) fields.fail("fewshot", "must be 0 for a task of kind rolling");
        if (fields.has("transform")) task.transform = fields.one_of("transform", {"wikitext"});
    }
    read_prompt(fields, task);
    if (kind == "choice") read_choice(fields, task);
    if (kind == "generate") read_generate(fields, task);
    if (task.single) {
        fields.required("continuation");
        task.continuation = varying(fields, "continuation", fields.text("continuation"));
    }
}

}  // namespace

Task Task::from_json(const json& object, const std::string& where) {
    const Fields fields(object, where);
    fields.only(kFields);
    auto task = std::make_shared<Definition>();
    task->canonical = object.dump();
    task->name = fields.text("name");
    if (task->name.empty() || task->name.size() > kLongestName ||
        task->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
        fields.fail("name", fmt::format("is '{}'; a name has lower-case letters, digits and _, {} at most", task->name,
                                        kLongestName));
    }
    task->profile = fields.text("profile");
    if (task->profile.empty() ||
        task->profile.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.@") != std::string::npos) {
        fields.fail("profile",
                    fmt::format("is '{}'; it is lmeval, llama2-paper or a name of your own in lower-case letters",
                                task->profile));
    }
    task->description = fields.text("description");
    if (task->description.empty()) fields.fail("description", "is empty");
    task->source = fields.text("source");
    task->licence = fields.text("licence");
    task->citation = fields.text("citation");
    fields.required("version");
    task->version = fields.count("version", 1, 1, 1000000);
    task->chat = fields.flag("chat");
    if (fields.has("sample")) task->sample = fields.count("sample", 0, 1, 1000000);
    read_data(fields, *task);
    read_examples(fields, *task);
    if (fields.has("document")) {
        const std::string name = fields.text("document");
        task->document = find_document_transform(name);
        if (task->document == nullptr)
            fields.fail("document", fmt::format("is '{}'{}", name, suggestion(name, document_transform_names())));
    }
    if (fields.has("fields")) {
        if (!fields["fields"].is_object() || fields["fields"].size() > kMostEntries)
            fields.fail("fields", "must be an object of templates, such as {\"query\": \"{{a}} {{b}}\"}");
        for (const auto& [name, form] : fields["fields"].items()) {
            if (!form.is_string()) fields.fail("fields", fmt::format("has '{}', which must be a text", name));
            task->fields.emplace_back(name, fields.form("fields", form.get<std::string>()));
        }
    }
    read_kind(fields, *task);
    const bool rates_words = task->grader == "vader";
    if (rates_words && task->lexicon_file.empty())
        fields.fail("grader", "is 'vader', which needs data.lexicon, the file with the ratings of words");
    if (!rates_words && !(task->lexicon_file + task->emoji_file).empty())
        fields.fail("data", "has \"lexicon\" or \"emoji\", which only the grader 'vader' reads");
    read_metrics(fields, *task);
    return Task(std::move(task));
}

}  // namespace suites
