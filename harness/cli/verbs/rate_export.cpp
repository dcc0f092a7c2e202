#include <fmt/format.h>

#include <string>
#include <string_view>

#include "harness/base/output_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/ratings_export.hpp"
#include "harness/study/status.hpp"

namespace harness::cli {
namespace {

using interchange::RatingFormat;

struct RateExportOptions {
    std::string study;
    RatingFormat format = RatingFormat::Jsonl;
    std::string out;  ///< empty: standard output
    bool definition = false;
    std::string database;
};

ExitCode export_study(const RateExportOptions& options) {
    const store::Database database = database_to_read(options.database);
    const store::StudyRow study = study::find_study(database, options.study);
    if (options.definition) {
        base::write_output(options.out.empty() ? "-" : options.out, study.definition_json);
        return ExitCode::Done;
    }
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
    verb.example("bellwether rate export helpful --out ratings.jsonl");
    verb.example("bellwether rate export preferences --format pairs --out pairs.jsonl");
}

}  // namespace harness::cli
