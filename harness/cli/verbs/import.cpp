#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/lm_eval_import.hpp"
#include "harness/interchange/outputs_import.hpp"
#include "harness/store/run_store.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct ImportOptions {
    std::vector<std::string> files;
    std::string format = "lm-eval";
    std::string model;
    std::string profile;
    std::string suites;              ///< empty: found by what matches
    std::vector<std::string> tasks;  ///< folders
    std::string data_dir;
    std::string database;
    bool json = false;
};

/// What is stored of an import, and whether it was there before.
struct Imported {
    store::RunRow run;
    bool was_there = false;
};

Imported store_run(const interchange::ImportedRun& imported, const std::string& path) {
    const store::Database database = database_to_write(path);
    store::RunStore runs(database);
    const std::vector<store::RunRow> before = runs.runs();
    const store::RunRow run = runs.import_run(imported.model, imported.plan, imported.tasks);
    const bool was_there =
        std::any_of(before.begin(), before.end(), [&run](const store::RunRow& row) { return row.id == run.id; });
    return {run, was_there};
}

json to_json(const Imported& stored, const interchange::ImportedRun& imported, const std::string& database) {
    return {{"run", stored.run.id},
            {"model", stored.run.variant},
            {"fingerprint", stored.run.model_fingerprint},
            {"tasks", imported.tasks.size()},
            {"items", imported.items},
            {"was_there", stored.was_there},
            {"database", database}};
}

void print_run(const Imported& stored, const interchange::ImportedRun& imported) {
    print_paragraph(fmt::format("Run {}: {}, items: {}, tasks: {}{}", stored.run.id, stored.run.variant, imported.items,
                                imported.tasks.size(), stored.was_there ? "; it was there already" : ""));
}

/// Numbers of an unknown profile would be compared with nothing.
void check_profile(const ImportOptions& options) {
    if (options.profile.empty()) return;
    std::set<std::string> known;
    const suites::Catalog catalog = task_catalog(options.tasks);
    for (const suites::Task& task : catalog.tasks()) known.insert(task.profile());
    if (!known.contains(options.profile))
        throw base::UsageError(fmt::format("--profile: no task, here or in --tasks, has the profile '{}'{}",
                                           options.profile, suites::suggestion(options.profile, known)));
}

ExitCode import_logs(const ImportOptions& options) {
    if (!options.suites.empty())
        throw base::UsageError("--suite: a log of lm-eval names its task; --suite belongs to --format outputs");
    check_profile(options);
    const interchange::ImportedRun imported =
        interchange::read_lm_eval({.files = options.files, .model = options.model, .profile = options.profile});
    const Imported stored = store_run(imported, options.database);
    if (options.json) {
        print_json(to_json(stored, imported, options.database));
    } else {
        print_run(stored, imported);
    }
    return ExitCode::Done;
}

/// The tasks that outputs may belong to.
std::vector<suites::Task> output_tasks(const suites::Catalog& catalog, const ImportOptions& options) {
    std::vector<suites::Task> tasks = options.suites.empty() ? catalog.tasks() : select_tasks(catalog, options.suites);
    for (const suites::Task& task : tasks) {
        if (!options.suites.empty() && !interchange::takes_outputs(task))
            throw base::UsageError(fmt::format(
                "--suite: {} cannot take outputs: only tasks of kind generate can, without likelihoods and programs",
                task.name()));
    }
    std::erase_if(tasks, [](const suites::Task& task) { return !interchange::takes_outputs(task); });
    return tasks;
}

/// Says on standard error what was left out.
void report_left_out(const interchange::ImportedOutputs& outputs) {
    if (outputs.unmatched > 0) {
        print_error("{} outputs belong to no prompt and were left out:\n", outputs.unmatched);
        for (const std::string& line : outputs.first_unmatched) print_error("  {}\n", line);
        if (outputs.unmatched > outputs.first_unmatched.size())
            print_error("  and {} more\n", outputs.unmatched - outputs.first_unmatched.size());
    }
    if (outputs.other_models > 0) print_error("{} outputs of other models were left out\n", outputs.other_models);
    for (const interchange::OutputsCoverage& task : outputs.coverage) {
        if (task.answered < task.documents)
            print_error("{}: {} of {} prompts have no output; the run is unfinished\n", task.task,
                        task.documents - task.answered, task.documents);
    }
}

ExitCode import_outputs(const ImportOptions& options) {
    if (!options.profile.empty())
        throw base::UsageError("--profile: outputs have the profile of their task; --profile belongs to lm-eval");
    const suites::Catalog catalog = task_catalog(options.tasks);
    run::RunOptions data;
    data.data_dir = options.data_dir;
    data.cache_dir = suites::default_data_dir();
    const interchange::ImportedOutputs outputs = interchange::read_outputs({.files = options.files,
                                                                            .model = options.model,
                                                                            .tasks = output_tasks(catalog, options),
                                                                            .asked = !options.suites.empty(),
                                                                            .options = data});
    const Imported stored = store_run(outputs.run, options.database);
    if (options.json) {
        json result = to_json(stored, outputs.run, options.database);
        result["unmatched"] = outputs.unmatched;
        result["first_unmatched"] = outputs.first_unmatched;
        result["other_models"] = outputs.other_models;
        for (const interchange::OutputsCoverage& task : outputs.coverage)
            result["coverage"].push_back(
                {{"task", task.task}, {"documents", task.documents}, {"answered", task.answered}});
        print_json(result);
        return ExitCode::Done;
    }
    report_left_out(outputs);
    print_run(stored, outputs.run);
    return ExitCode::Done;
}

ExitCode import_files(const ImportOptions& options) {
    for (const std::string& file : options.files) {
        if (std::filesystem::is_directory(file))
            throw base::UsageError(fmt::format("{0}: is a folder; name its files, such as {0}/samples_*.jsonl", file));
        if (!std::filesystem::is_regular_file(file)) throw base::UsageError(file + ": no such file");
    }
    return options.format == "outputs" ? import_outputs(options) : import_logs(options);
}

}  // namespace

void add_import(Verb& root) {
    Verb& verb = root.verb("import", "Sample logs of another harness, or outputs of a model, as a run");
    auto& options = verb.command(import_files);
    verb.arguments("FILE", texts(options.files),
                   "Of one model: logs samples_TASK_DATE.jsonl (also .gz), or outputs as .jsonl, .json, .csv or .tsv")
        .required();
    verb.option("--format", "NAME", word_of(options.format, {"lm-eval", "outputs"}),
                "lm-eval (default): lm-evaluation-harness with --log_samples; outputs: a row for each output with the "
                "prompt or its id, such as id, prompt, output, model, settings, date. They are graded here")
        .of_its_verb();
    verb.option("--model", "NAME", any_text(options.model),
                "Name to list the run under (default: the one in the file, or for lm-eval in results_DATE.json beside "
                "it); of a file with outputs of several models the one to take")
        .of_its_verb();
    verb.option("--profile", "NAME", any_text(options.profile),
                "Profile of the tasks of lm-eval (default: the one in results_DATE.json, else lmeval)");
    verb.option("--suite", "NAME,...", any_text(options.suites),
                "Tasks that the outputs belong to (default: those that the rows name, else the prompt set that has "
                "most of their prompts)")
        .of_its_verb();
    tasks_option(verb, options.tasks);
    data_option(verb, options.data_dir);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether import samples_*.jsonl");
    verb.example("bellwether import --format outputs answers.csv --suite safety --model my-model");
    verb.example("bellwether import --format outputs outputs.json --tasks my_sets --data my_sets");
}

}  // namespace harness::cli
