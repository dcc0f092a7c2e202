#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <iomanip>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/make_folder.hpp"
#include "harness/base/output_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/lm_eval_export.hpp"
#include "harness/interchange/outputs_export.hpp"
#include "harness/results/csv_export.hpp"
#include "harness/results/jsonl_export.hpp"
#include "harness/results/report.hpp"
#include "harness/store/run_store.hpp"
#include "reports/formats/prometheus.hpp"

namespace harness::cli {
namespace {

struct ExportOptions {
    std::string run;
    std::string database;
    bool jsonl = false;
    std::string format = "jsonl";
    std::string out;  ///< file, or folder for lm-eval; empty: standard output
    results::LicenceNotice notice = results::LicenceNotice::Shown;
};

/// The run that is exported; says so when it is only a part, and under which terms it is.
store::RunRow exported_run(const store::RunStore& runs, const ExportOptions& options) {
    store::RunRow run = resolve(runs, options.run);
    if (run.finished.empty()) print_error("run {} is unfinished: this is a part of its items\n", run.id);
    print_licence_notice(runs, {run}, options.notice);
    return run;
}

/// The files of a folder, written one after another.
class FolderOutput {
public:
    explicit FolderOutput(std::string folder) : folder_(std::move(folder)) { base::make_folder(folder_); }

    void write(const std::string& name, std::string_view part) {
        if (part.empty()) {
            finish();
            file_.emplace(path(name));
        } else {
            file_->write(part);
        }
    }
    void finish() {
        if (file_) file_->finish();
        file_.reset();
    }
    std::string path(const std::string& name) const { return (std::filesystem::path(folder_) / name).string(); }

private:
    std::string folder_;
    std::optional<base::OutputFile> file_;
};

ExitCode export_lm_eval(const ExportOptions& options) {
    if (options.out.empty()) throw base::UsageError("--format lm-eval writes several files; name a folder with --out");
    FolderOutput out(options.out);
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    const std::vector<std::string> names =
        interchange::export_lm_eval(runs, exported_run(runs, options),
                                    [&out](const std::string& name, std::string_view part) { out.write(name, part); });
    out.finish();
    for (const std::string& name : names) print("{}\n", out.path(name));
    return ExitCode::Done;
}

/// Unix seconds of "2026-01-31T12:00:00Z"; none for an empty or damaged date.
std::optional<double> seconds_of(const std::string& date) {
    std::tm time = {};
    std::istringstream in(date);
    in >> std::get_time(&time, "%Y-%m-%dT%H:%M:%SZ");
    if (in.fail()) return std::nullopt;
    return static_cast<double>(timegm(&time));
}

std::string prometheus_text(const store::RunStore& runs, const store::RunRow& run) {
    const reports::data::Report report =
        results::make_report(runs, {run}, task_catalog(), {.notice = results::LicenceNotice::Silenced});
    return reports::formats::render_prometheus(
        report.runs.front(), {.created = seconds_of(run.created), .finished = seconds_of(run.finished)});
}

ExitCode export_run(const ExportOptions& options) {
    if (options.format == "lm-eval") return export_lm_eval(options);
    base::OutputFile out(options.out.empty() ? "-" : options.out);
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    const store::RunRow run = exported_run(runs, options);
    const auto write = [&out](std::string_view line) { out.write(line); };
    if (options.format == "jsonl") {
        results::export_jsonl(runs, run, write);
    } else if (options.format == "csv") {
        results::export_csv(runs, run, write);
    } else if (options.format == "prometheus") {
        write(prometheus_text(runs, run));
    } else if (interchange::export_outputs(runs, run, write) == 0) {
        throw base::UsageError(
            fmt::format("run {} has no generations, so there are no outputs; --format jsonl has its items", run.id));
    }
    out.finish();
    return ExitCode::Done;
}

}  // namespace

void add_export(Verb& root) {
    Verb& verb = root.verb("export", "Every item with its requests and scores");
    auto& options = verb.command(export_run);
    verb.argument("RUN", text_not_empty(options.run), kRunHelp).required();
    database_option(verb, options.database);
    Option& jsonl = verb.flag("--jsonl", truth(options.jsonl), "One JSON object per item (the default)");
    verb.option("--format", "NAME", word_of(options.format, {"jsonl", "csv", "lm-eval", "outputs", "prometheus"}),
                "jsonl (default); csv: a row for each item, a column for each score; lm-eval: results_*.json and "
                "samples_*.jsonl as lm-evaluation-harness writes them; outputs: each output with its prompt, which "
                "'import --format outputs' reads; prometheus: scores for the textfile collector of node_exporter")
        .of_its_verb()
        .excludes(jsonl);
    verb.option("--out", "PATH", text_not_empty(options.out), "File (default: standard output); for lm-eval the folder")
        .of_its_verb();
    licence_notice_option(verb, options.notice);
    verb.example("bellwether export latest --out items.jsonl");
    verb.example("bellwether export 1 --format lm-eval --out folder");
    verb.example("bellwether export latest --format outputs --out outputs.jsonl");
    verb.example("bellwether export latest --format prometheus --out bellwether.prom");
    verb.note(
        "In CSV an apostrophe stands before a text that a spreadsheet would take for a formula. Take one away from "
        "cells that begin with apostrophes before = + - @, a tab or a carriage return, to have the text again; jsonl "
        "has every text as it is.");
}

}  // namespace harness::cli
