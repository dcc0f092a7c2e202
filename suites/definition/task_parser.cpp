// Parses a task file into a Task::Definition.

#include <fmt/format.h>

#include "suites/definition/parse.hpp"
#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

using nlohmann::json;

// clang-format off
const std::set<std::string> kFields = {
    "name", "version", "profile", "kind", "description", "source", "licence", "citation", "data", "document",
    "fields", "chat", "sample", "fewshot", "fewshot_fixed", "sampler", "extra_draw", "examples", "preamble",
    "target_delimiter", "fewshot_delimiter", "shot_prompt", "shot_answer", "system", "prompt", "choices", "gold",
    "gold_labels", "gold_mask", "continuation", "calibration", "answer", "references", "wrong_references", "until",
    "max_tokens", "repeats", "temperature", "top_p", "filters", "ignore", "ignore_case", "ignore_punctuation",
    "ignore_digits", "grader", "submission", "likelihoods", "transform", "metrics", "lower_is_better", "conversation",
    "cluster"};
// clang-format on
const std::set<std::string> kKinds = {"choice", "continuation", "generate", "rolling"};
constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxFields = 1000;

// Fields that only tasks of some kinds have.
constexpr std::initializer_list<const char*> kOfChoices = {"choices", "gold", "gold_labels", "gold_mask",
                                                           "calibration"};
constexpr std::initializer_list<const char*> kOfGenerations = {
    "answer",        "references", "wrong_references", "until",       "max_tokens",  "repeats",
    "temperature",   "top_p",      "filters",          "ignore",      "ignore_case", "ignore_punctuation",
    "ignore_digits", "grader",     "submission",       "likelihoods", "conversation"};
constexpr std::initializer_list<const char*> kOfPrompts = {
    "preamble",      "target_delimiter", "fewshot_delimiter", "sampler", "extra_draw", "examples",
    "fewshot_fixed", "shot_prompt",      "shot_answer",       "chat",    "system"};

void read_name(const Fields& fields, Task::Definition& task) {
    task.name = fields.text("name");
    if (task.name.empty() || task.name.size() > kMaxName ||
        task.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
        fields.fail("name", fmt::format("is '{}'; a name has lower-case letters, digits and _, at most {} characters",
                                        task.name, kMaxName));
    }
}

void read_profile(const Fields& fields, Task::Definition& task) {
    task.profile = fields.text("profile");
    if (task.profile.empty() ||
        task.profile.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.@") != std::string::npos) {
        fields.fail("profile",
                    fmt::format("is '{}'; it is lmeval, llama2-paper or a name of your own in lower-case letters",
                                task.profile));
    }
}

void read_about(const Fields& fields, Task::Definition& task) {
    fields.attempt("name", [&] { read_name(fields, task); });
    fields.attempt("profile", [&] { read_profile(fields, task); });
    fields.attempt("description", [&] {
        task.description = fields.text("description");
        if (task.description.empty()) fields.fail("description", "is empty");
    });
    fields.attempt("source", [&] { task.source = fields.text("source"); });
    fields.attempt("licence", [&] { task.licence = fields.text("licence"); });
    fields.attempt("citation", [&] { task.citation = fields.text("citation"); });
    fields.attempt("version", [&] {
        fields.required("version");
        task.version = fields.count("version", {.otherwise = 1, .min = 1, .max = 1000000});
    });
}

void read_document(const Fields& fields, Task::Definition& task) {
    if (!fields.has("document")) return;
    const std::string name = fields.text("document");
    task.data.split.document = transforms::find_document_transform(name);
    if (task.data.split.document == nullptr)
        fields.fail("document",
                    fmt::format("is '{}'{}", name, suggestion(name, transforms::document_transform_names())));
}

void read_row_fields(const Fields& fields, Task::Definition& task) {
    if (!fields.has("fields")) return;
    if (!fields["fields"].is_object() || fields["fields"].size() > kMaxFields)
        fields.fail("fields", "must be an object of templates, such as {\"query\": \"{{a}} {{b}}\"}");
    for (const auto& [name, form] : fields["fields"].items()) {
        fields.attempt("fields", [&, &field = name, &text = form] {
            if (!text.is_string()) fields.fail("fields", fmt::format("has '{}', which must be a string", field));
            task.fields.emplace_back(field, fields.form("fields", text.get<std::string>()));
        });
    }
}

void read_cluster(const Fields& fields, Task::Definition& task) {
    if (!fields.has("cluster")) return;
    try {
        task.cluster = parse_cluster(fields["cluster"]);
        task.cluster->document = task.data.split.document;
    } catch (const SuiteError& error) {
        fields.fail("cluster", error.what());
    }
}

void read_prompts(const Fields& fields, Task::Definition& task) {
    if (!fields.required("prompt").is_array()) {
        task.prompts = {varying_template(fields, "prompt", fields.text("prompt"))};
        return;
    }
    if (task.kind != TaskKind::Choice)
        fields.fail("prompt", "must be a string; only tasks of kind choice have one per choice");
    for (const std::string& form : fields.texts("prompt"))
        task.prompts.push_back(varying_template(fields, "prompt", form));
    if (task.prompts.size() < 2) fields.fail("prompt", "must be a string, or a list of two or more");
}

/// Reads `conversation`, which replaces the prompt; nothing is put in front of it.
void read_conversation(const Fields& fields, Task::Definition& task) {
    task.conversation = fields.path("conversation");
    fields.none_of("a task with \"conversation\"",
                   {"prompt", "preamble", "examples", "sampler", "extra_draw", "fewshot_delimiter", "fewshot_fixed",
                    "shot_prompt", "shot_answer", "target_delimiter"});
    if (task.fewshot.count > 0) fields.fail("fewshot", "must be 0 for a task with \"conversation\"");
    task.fewshot.fixed = true;
}

void read_continuation(const Fields& fields, Task::Definition& task) {
    fields.required("continuation");
    task.continuation = varying_template(fields, "continuation", fields.text("continuation"));
}

void read_rolling(const Fields& fields, Task::Definition& task, const std::string& owner) {
    fields.none_of(owner, kOfPrompts);
    fields.attempt("fewshot", [&] {
        if (task.fewshot.count > 0) fields.fail("fewshot", "must be 0 for a task of kind rolling");
    });
    fields.attempt("transform", [&] {
        if (fields.has("transform") && fields.one_of("transform", {"wikitext"}) == "wikitext")
            task.page = PageTransform::Wikitext;
    });
}

/// The kind of the task, or the most similar one if it is misspelt, so that the other mistakes are found too.
std::optional<TaskKind> meant_kind(const Fields& fields) {
    if (!fields.has("kind") || !fields["kind"].is_string()) return std::nullopt;
    const auto named = fields["kind"].get<std::string>();
    return task_kind_from(kKinds.contains(named) ? named : nearest(named, kKinds).value_or(""));
}

void read_kind(const Fields& fields, const Graders& graders, Task::Definition& task) {
    const std::string owner = fmt::format("a task of kind {}", to_string(task.kind));
    if (task.kind != TaskKind::Choice) fields.none_of(owner, kOfChoices);
    if (task.kind != TaskKind::Generate) fields.none_of(owner, kOfGenerations);
    if (task.kind == TaskKind::Generate || task.kind == TaskKind::Rolling) fields.none_of(owner, {"continuation"});
    if (task.kind != TaskKind::Rolling) fields.none_of(owner, {"transform"});
    if (fields.has("conversation") && task.kind == TaskKind::Generate) {
        fields.attempt("conversation", [&] { read_conversation(fields, task); });
    } else {
        fields.attempt("prompt", [&] { read_prompts(fields, task); });
    }
    switch (task.kind) {
        case TaskKind::Choice: return read_choice(fields, task);
        case TaskKind::Continuation: return fields.attempt("continuation", [&] { read_continuation(fields, task); });
        case TaskKind::Generate: return read_generate(fields, graders, task);
        case TaskKind::Rolling: return read_rolling(fields, task, owner);
    }
}

}  // namespace

Template varying_template(const Fields& fields, const char* field, const std::string& text) {
    Template form = fields.form(field, text);
    if (!form.has_values()) fields.fail(field, "has no {{field}} in it, so it would be the same for every document");
    return form;
}

std::shared_ptr<const Task::Definition> parse_task(const json& object, const std::string& where,
                                                   const Graders& graders) {
    Mistakes mistakes;
    const Fields fields(object, where, &mistakes);
    fields.only(kFields);
    auto task = std::make_shared<Task::Definition>();
    task->canonical = object.dump();
    read_about(fields, *task);
    task->data.split.task = task->name;
    fields.attempt("chat", [&] { task->chat = fields.flag("chat"); });
    fields.attempt("system", [&] { task->system = fields.form("system"); });
    fields.attempt("sample", [&] {
        if (fields.has("sample")) task->data.sample = fields.count("sample", {.min = 1, .max = 1000000});
    });
    fields.attempt("data", [&] { read_data(fields, *task); });
    read_fewshot(fields, *task);
    fields.attempt("document", [&] { read_document(fields, *task); });
    fields.attempt("fields", [&] { read_row_fields(fields, *task); });
    fields.attempt("cluster", [&] { read_cluster(fields, *task); });
    fields.attempt("kind", [&] { task->kind = *task_kind_from(fields.one_of("kind", kKinds)); });
    // The kind decides which fields are allowed; metrics depend on the other fields.
    if (const auto kind = meant_kind(fields)) {
        task->kind = *kind;
        read_kind(fields, graders, *task);
        if (!mistakes.in({"filters", "grader", "repeats", "calibration", "references", "wrong_references",
                          "likelihoods", "prompt"}))
            fields.attempt("metrics", [&] { read_metrics(fields, *task); });
    }
    mistakes.report();
    return task;
}

}  // namespace suites::definition
