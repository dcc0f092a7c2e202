// Reads the fields of a task file about generations and their grading.

#include <fmt/format.h>

#include <algorithm>

#include "suites/definition/parse.hpp"
#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFilters = 1000;

/// Reads the grader: a name, or {"name": ..., "files": {...}} for a grader that reads files.
void read_grader(const Fields& fields, const Graders& graders, Generation& generation) {
    if (!fields.has("grader")) return;
    const json named = fields["grader"].is_object() ? fields["grader"] : json{{"name", fields.text("grader")}};
    const Fields grader(named, fields.where() + ": grader");
    grader.only({"name", "files"});
    const std::string name = grader.text("name");
    const GraderEntry* entry = graders.find(name);
    if (entry == nullptr) fields.fail("grader", fmt::format("is '{}'{}", name, suggestion(name, graders.names())));
    TaskGrader read{.entry = *entry, .files = {}};
    if (grader.has("files")) {
        if (!grader["files"].is_object()) grader.fail("files", "must be an object of file names");
        const Fields files(grader["files"], grader.where() + ": files");
        std::set<std::string> known;
        for (const GraderFile& file : entry->files) known.insert(file.name);
        files.only(known);
        for (const std::string& file : known) {
            if (!files.has(file.c_str())) continue;
            read.files[file] = files.text(file.c_str());
            files.check_file(file.c_str(), read.files[file]);
        }
    }
    for (const GraderFile& file : entry->files) {
        if (file.required && !read.files.contains(file.name))
            fields.fail("grader", fmt::format("is '{}', which needs a file: {{\"name\": \"{}\", \"files\": "
                                              "{{\"{}\": \"FOLDER/FILE\"}}}}",
                                              name, name, file.name));
    }
    generation.grader = std::move(read);
}

void read_filters(const Fields& fields, Generation& generation) {
    if (!fields.has("filters")) return;
    if (!fields["filters"].is_array() || fields["filters"].size() > kMaxFilters)
        fields.fail("filters", fmt::format("must be a list of objects, at most {}", kMaxFilters));
    std::size_t index = 0;
    for (const json& entry : fields["filters"]) {
        fields.attempt("filters", [&] {
            const std::string where = fmt::format("{}: filters[{}]", fields.where(), index++);
            if (!entry.is_object()) fields.fail("filters", "must be a list of objects");
            Filter filter = parse_filter(Fields(entry, where));
            const bool duplicate = std::any_of(generation.filters.begin(), generation.filters.end(),
                                               [&](const Filter& one) { return one.name == filter.name; });
            if (duplicate) fields.fail("filters", fmt::format("has a duplicate name '{}'", filter.name));
            generation.filters.push_back(std::move(filter));
        });
    }
}

void read_sampling(const Fields& fields, Generation& generation) {
    generation.repeats = fields.count("repeats", {.otherwise = 1, .min = 1, .max = 1000});
    generation.temperature = fields.number("temperature", 0, 100);
    generation.top_p = fields.number("top_p", 0, 1);
    if (generation.repeats > 1 && (!generation.temperature || *generation.temperature == 0.0F))
        fields.fail("repeats", "asks for several samples, which are all the same unless \"temperature\" is above 0");
}

void read_answers(const Fields& fields, Generation& generation) {
    generation.answer = fields.form("answer");
    if (fields.has("references")) generation.references = fields.path("references");
    if (!fields.has("grader") && !fields.has("answer") && !fields.has("references"))
        fields.fail("answer", "is missing; \"answer\", \"references\" or \"grader\" says what is correct");
}

void read_comparison(const Fields& fields, Generation& generation) {
    if (fields.has("grader"))
        fields.none_of("a task with \"grader\"", {"ignore", "ignore_case", "ignore_punctuation", "ignore_digits"});
    for (const std::string& pattern : fields.texts("ignore"))
        generation.ignore.push_back(fields.pattern("ignore", pattern));
    generation.ignore_case = fields.flag("ignore_case");
    generation.ignore_punctuation = fields.flag("ignore_punctuation");
    generation.ignore_digits = fields.flag("ignore_digits");
}

}  // namespace

void read_generate(const Fields& fields, const Graders& graders, Task::Definition& task) {
    Generation& generation = task.generation;
    fields.attempt("grader", [&] { read_grader(fields, graders, generation); });
    fields.attempt("submission", [&] {
        generation.submission = fields.form("submission");
        if (!fields.has("grader")) fields.none_of("a task without \"grader\"", {"submission"});
    });
    fields.attempt("references", [&] { read_answers(fields, generation); });
    fields.attempt("wrong_references", [&] {
        if (fields.has("wrong_references")) generation.wrong_references = fields.path("wrong_references");
    });
    fields.attempt("until", [&] {
        generation.until = fields.texts("until");
        for (const std::string& stop : generation.until) {
            if (stop.empty()) fields.fail("until", "has an empty string, which would stop at once");
        }
    });
    fields.attempt("max_tokens", [&] {
        generation.max_tokens = fields.count("max_tokens", {.otherwise = 256, .min = 1, .max = 100000});
    });
    fields.attempt("repeats", [&] { read_sampling(fields, generation); });
    fields.attempt("filters", [&] { read_filters(fields, generation); });
    fields.attempt("ignore", [&] { read_comparison(fields, generation); });
    fields.attempt("likelihoods", [&] { generation.likelihoods = fields.texts("likelihoods"); });
}

}  // namespace suites::definition
