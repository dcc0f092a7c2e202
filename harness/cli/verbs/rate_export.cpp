#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/ratings_export.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/study_store.hpp"
#include "harness/study/status.hpp"

namespace harness::cli {
namespace {

using interchange::RatingFormat;

struct RateExportOptions {
    std::string study;
    RatingFormat format = RatingFormat::Jsonl;
    std::string out;  ///< empty: standard output
    bool definition = false;
    results::LicenceNotice notice = results::LicenceNotice::Shown;
    std::string database;
};

/// Says under which terms the study's answers are, as far as their runs are in this database.
void print_terms(const store::Database& database, const store::StudyRow& study, results::LicenceNotice notice) {
    std::set<std::string> rated;
    for (const store::StudyItemRow& item : store::StudyStore(database).items(study.id)) {
        for (const store::StudyAnswerRow& answer : item.answers) rated.insert(answer.run);
    }
    const store::RunStore runs(database);
    std::vector<store::RunRow> rows = runs.runs();
    std::erase_if(rows, [&rated](const store::RunRow& run) { return !rated.contains(run.plan_hash); });
    print_licence_notice(runs, rows, notice);
}

ExitCode export_study(const RateExportOptions& options) {
    const store::Database database = database_to_read(options.database);
    const store::StudyRow study = study::find_study(database, options.study);
    if (options.definition) {
        base::write_output(options.out.empty() ? "-" : options.out, study.definition_json);
        return ExitCode::Done;
    }
    print_terms(database, study, options.notice);
    base::OutputFile out(options.out.empty() ? "-" : options.out);
    const std::uint64_t rows = interchange::export_ratings(database, study, options.format,
                                                           [&out](std::string_view piece) { out.write(piece); });
    out.finish();
    if (rows == 0) print_error("study '{}' has no such ratings yet\n", study.name);
    return ExitCode::Done;
}

}  // namespace

void add_rate_export(Verb& rate) {
    Verb& verb = rate.verb("export", "The ratings of a study for other tools, for training, or for another database");
    auto& options = verb.command(export_study);
    verb.argument("STUDY", text_not_empty(options.study), "Name of the study").required();
    Option& format =
        verb.option("--format", "NAME",
                    choice(options.format, {{"jsonl", RatingFormat::Jsonl},
                                            {"csv", RatingFormat::Csv},
                                            {"pairs", RatingFormat::Pairs},
                                            {"hh-rlhf", RatingFormat::Hh},
                                            {"dpo", RatingFormat::Dpo},
                                            {"argilla", RatingFormat::Argilla},
                                            {"label-studio", RatingFormat::LabelStudio}}),
                    "jsonl (default), csv: every rating with its item, which 'rate import' reads; pairs: as "
                    "'reward train --pairs' reads them; hh-rlhf: two dialogues; dpo: prompt, chosen, "
                    "rejected; argilla, label-studio: their JSON")
            .of_its_verb();
    verb.flag("--definition", truth(options.definition), "The frozen plan instead: it opens the same study again")
        .excludes(format);
    verb.option("--out", "FILE", text_not_empty(options.out), "File (default: standard output)").of_its_verb();
    database_option(verb, options.database);
    licence_notice_option(verb, options.notice);
    verb.example("bellwether rate export helpful --out ratings.jsonl");
    verb.example("bellwether rate export preferences --format pairs --out pairs.jsonl");
}

}  // namespace harness::cli
