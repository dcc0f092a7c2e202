// Reads the fields of a task file about its data and its few-shot examples.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "suites/definition/parse.hpp"

namespace suites::definition {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> kFileEndings = {".jsonl", ".json", ".csv", ".tsv"};

void check_rows_file(const Fields& fields, const char* field, const std::string& file) {
    fields.check_file(field, file);
    std::string_view name = file;
    if (name.ends_with(".gz")) name.remove_suffix(3);
    if (!std::any_of(kFileEndings.begin(), kFileEndings.end(), [&](const auto& end) { return name.ends_with(end); }))
        fields.fail(field, fmt::format("names '{}'; a file of rows ends in .jsonl, .json, .csv or .tsv", file));
}

std::vector<std::string> rows_files(const Fields& data, const char* field) {
    std::vector<std::string> files = data.texts(field);
    for (const std::string& file : files) check_rows_file(data, field, file);
    return files;
}

void read_where(const Fields& data, Task::Definition& task) {
    if (!data.has("where")) return;
    if (!data["where"].is_object() || data["where"].empty())
        data.fail("where", "must be an object such as {\"category\": \"judaism\"}");
    for (const auto& [name, value] : data["where"].items()) {
        if (!value.is_string()) data.fail("where", fmt::format("has '{}', which must be a string", name));
        task.data.split.where.emplace_back(name, value.get<std::string>());
    }
}

void read_rows_of_file(const Fields& fields, Task::Definition& task) {
    if (!fields["examples"].is_array()) fields.fail("examples", "must be a list of rows");
    if (!task.data.shots.empty())
        fields.fail("examples", "is given beside data.shots; few-shot examples come from one place");
    for (const json& row : fields["examples"]) {
        if (!row.is_object())
            fields.fail("examples", "must be a list of rows, each an object such as {\"question\": \"...\"}");
        task.fewshot.rows.push_back(row);
    }
    if (task.fewshot.rows.size() < task.fewshot.count)
        fields.fail("examples",
                    fmt::format("has {} rows; \"fewshot\" needs {}", task.fewshot.rows.size(), task.fewshot.count));
}

void read_sampler(const Fields& fields, Task::Definition& task) {
    if (fields.has("sampler") && fields.one_of("sampler", {"random", "first_n"}) == "first_n")
        task.fewshot.sampler = data::Sampler::FirstN;
    if (fields.has("extra_draw")) task.fewshot.extra_draw = fields.flag("extra_draw");
    if (task.fewshot.sampler == data::Sampler::FirstN && task.fewshot.extra_draw.value_or(false))
        fields.fail("extra_draw", "has no meaning with the sampler first_n, which samples nothing");
}

void read_preamble(const Fields& fields, Task::Definition& task) {
    task.fewshot.preamble = fields.text_or("preamble", "");
    if (!task.fewshot.preamble.empty() && !task.data.preamble.empty())
        fields.fail("preamble", "is given beside data.preamble; it comes from one place");
}

}  // namespace

void read_data(const Fields& fields, Task::Definition& task) {
    if (!fields.required("data").is_object()) fields.fail("data", "must be an object");
    const Fields data = fields.nested(fields["data"], fields.where() + ": data");
    data.only({"test", "shots", "columns", "documents", "preamble", "where"});
    data.attempt("data", [&] {
        data.required("test");
        task.data.test = rows_files(data, "test");
        if (task.data.test.empty()) data.fail("test", "names no file");
    });
    data.attempt("data", [&] { task.data.shots = rows_files(data, "shots"); });
    data.attempt("data", [&] {
        std::vector<std::string>& columns = task.data.split.columns;
        columns = data.texts("columns");
        if (std::set<std::string>(columns.begin(), columns.end()).size() < columns.size())
            data.fail("columns", "has a duplicate name");
    });
    data.attempt("data", [&] {
        task.data.preamble = data.text_or("preamble", "");
        if (data.has("preamble")) data.check_file("preamble", task.data.preamble);
    });
    data.attempt("data", [&] { read_where(data, task); });
    data.attempt("data", [&] {
        if (data.has("documents")) task.data.documents = data.count("documents", {.min = 1, .max = 100000000});
    });
}

void read_fewshot(const Fields& fields, Task::Definition& task) {
    fields.attempt("fewshot", [&] { task.fewshot.count = fields.count("fewshot", {.max = 100}); });
    fields.attempt("fewshot_fixed", [&] { task.fewshot.fixed = fields.flag("fewshot_fixed"); });
    fields.attempt("sampler", [&] { read_sampler(fields, task); });
    fields.attempt("examples", [&] {
        if (fields.has("examples")) return read_rows_of_file(fields, task);
        if (task.fewshot.count > 0 && task.data.shots.empty() && !fields.broken("data"))
            fields.fail("fewshot", "asks for examples, but neither data.shots nor \"examples\" has any");
    });
    fields.attempt("preamble", [&] { read_preamble(fields, task); });
    fields.attempt("target_delimiter", [&] { task.target_delimiter = fields.text_or("target_delimiter", " "); });
    fields.attempt("fewshot_delimiter", [&] { task.fewshot.delimiter = fields.text_or("fewshot_delimiter", "\n\n"); });
    fields.attempt("shot_prompt", [&] { task.fewshot.prompt = fields.form("shot_prompt"); });
    fields.attempt("shot_answer", [&] { task.fewshot.answer = fields.form("shot_answer"); });
}

}  // namespace suites::definition
