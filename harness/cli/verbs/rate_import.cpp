#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/output_target.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/labels_import.hpp"
#include "harness/interchange/ratings_import.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/study_merge.hpp"
#include "suites/error.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct RateImportOptions {
    std::string file;
    std::string name;
    std::string labels;  ///< protocol; empty: ratings of our own export, or a database
    std::vector<std::string> runs;
    std::string database;
    bool json = false;
};

std::string text_of(const std::string& path) {
    try {
        return suites::read_text(path);
    } catch (const suites::SuiteError& error) {
        throw base::UsageError(error.what());
    }
}

ExitCode merge(const RateImportOptions& options) {
    const store::Database source = database_to_read(options.file);
    const store::Database target = database_to_write(options.database);
    const store::MergedStudies merged = store::merge_studies(source, target);
    if (options.json) {
        print_json({{"studies", merged.studies}, {"new_raters", merged.raters}, {"new_events", merged.events}});
    } else {
        print_paragraph(fmt::format("{}: {} studies; {} raters and {} events were new here", options.file,
                                    merged.studies, merged.raters, merged.events));
    }
    return ExitCode::Done;
}

void print_imported(const RateImportOptions& options, const interchange::ImportedStudy& study,
                    const std::optional<std::string>& there, std::uint64_t unmatched) {
    if (options.json) {
        print_json({{"name", there.value_or(study.study.name)},
                    {"protocol", study.study.protocol},
                    {"items", study.items.size()},
                    {"raters", study.raters.size()},
                    {"ratings", study.events.size()},
                    {"unmatched", unmatched},
                    {"was_there", there.has_value()}});
        return;
    }
    print_paragraph(fmt::format("{}: {} ratings of {} items by {} raters ({}){}", study.study.name, study.events.size(),
                                study.items.size(), study.raters.size(), study.study.protocol,
                                there ? fmt::format("; they are here already as '{}'", *there) : ""));
}

ExitCode import_labels(const RateImportOptions& options) {
    if (options.name.empty()) throw base::UsageError("--labels needs --name, the name of the study that they become");
    const store::Database database = database_to_change(options.database);
    const store::RunStore runs(database);
    interchange::LabelsImport request{.path = options.file, .protocol = options.labels, .name = options.name};
    if (options.runs.empty()) request.runs = runs.runs();
    for (const std::string& run : options.runs) request.runs.push_back(resolve(runs, run));
    const interchange::ImportedLabels labels = interchange::read_labels(runs, request, text_of(options.file));
    const auto there = interchange::store_study(database, labels.study);
    if (labels.unmatched > 0) {
        print_error("{} rows belong to no stored output and were left out:\n", labels.unmatched);
        for (const std::string& line : labels.first_unmatched) print_error("  {}\n", line);
    }
    print_imported(options, labels.study, there, labels.unmatched);
    return ExitCode::Done;
}

ExitCode import_ratings(const RateImportOptions& options) {
    if (base::is_database(options.file)) {
        if (!options.labels.empty() || !options.name.empty())
            throw base::UsageError(options.file +
                                   ": is a database, whose studies keep their names; --labels and --name "
                                   "belong to files of rows");
        return merge(options);
    }
    if (!options.labels.empty()) return import_labels(options);
    if (!options.runs.empty()) throw base::UsageError("--run: only labels are looked up in runs; add --labels");
    interchange::ImportedStudy study = interchange::study_of(
        interchange::parse_rating_rows(text_of(options.file), options.file), options.name, options.file);
    const store::Database database = database_to_write(options.database);
    const auto there = interchange::store_study(database, study);
    print_imported(options, study, there, 0);
    return ExitCode::Done;
}

}  // namespace

void add_rate_import(Verb& rate) {
    Verb& verb = rate.verb("import", "Ratings of another site or another tool");
    auto& options = verb.command(import_ratings);
    verb.argument(
            "FILE", text_not_empty(options.file),
            "File of 'rate export' (.jsonl, .csv, each also .gz), JSON of Argilla or Label Studio, the database of "
            "another site, or labels")
        .required();
    verb.option("--labels", "SCALE", word_of(options.labels, {"safety", "harm", "refusal"}),
                "The file has people's labels of outputs that are stored here. safety: 1 to 5; harm: safe, borderline, "
                "unsafe; refusal: full_compliance, partial_refusal, full_refusal, no_answer")
        .of_its_verb();
    verb.option("--run", "RUN", texts(options.runs),
                "With --labels: the runs whose outputs are labelled; may be given several times (default: all)")
        .of_its_verb()
        .arity = Arity::Repeated;
    verb.option("--name", "NAME", text_not_empty(options.name), "Name of the study here (default: that of the file)")
        .of_its_verb();
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether rate import ratings.jsonl");
    verb.example("bellwether rate import other-site.sqlite");
    verb.example("bellwether rate import labels.csv --labels harm --name experts --run 1");
    verb.note(
        "A row of labels has \"id\" (of the document) or \"output\" (the exact text), or both, \"label\", and "
        "\"rater\" "
        "where there are several.");
}

}  // namespace harness::cli
