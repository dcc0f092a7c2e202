#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/study_sources.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/store/study_store.hpp"
#include "harness/study/build.hpp"
#include "harness/study/definition.hpp"
#include "harness/study/service.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using study::Assignment;
using study::BuiltStudy;
using study::Definition;
using study::Protocol;

struct OpenStudyOptions {
    std::string file;
    Definition definition;  ///< of the flags
    std::string gold;
    std::string attention;
    std::string practice;
    std::string save;
    bool dry_run = false;
    std::string database;
    bool json = false;
};

std::vector<study::CheckItem> checks(const std::string& path, Protocol protocol) {
    return path.empty() ? std::vector<study::CheckItem>{} : study::parse_checks(base::read_file(path), path, protocol);
}

/// The definition of the file, or of the flags: read back from its text, so that both are held to the same rules.
Definition definition_of(const OpenStudyOptions& options) {
    if (!options.file.empty()) return study::parse_definition(base::read_file(options.file), options.file);
    if (options.definition.name.empty())
        throw base::UsageError("a study needs a STUDY.json, or --name, --protocol and --run");
    Definition definition = options.definition;
    definition.gold = checks(options.gold, definition.protocol);
    definition.attention = checks(options.attention, definition.protocol);
    definition.practice = checks(options.practice, definition.protocol);
    return study::parse_definition(study::definition_text(definition), "options");
}

json to_json(const BuiltStudy& built, const OpenStudyOptions& options) {
    json strata = json::object();
    for (const auto& [name, stratum] : built.strata)
        strata[name] = {{"available", stratum.available}, {"sampled", stratum.sampled}};
    json kinds = json::object();
    for (const store::StudyItemRow& item : built.items) kinds[item.kind] = kinds.value(item.kind, 0) + 1;
    return {{"name", built.study.name},
            {"protocol", built.study.protocol},
            {"hash", built.study.hash},
            {"raters_per_item", built.study.raters},
            {"items", std::move(kinds)},
            {"strata", std::move(strata)},
            {"unanswered_prompts", built.unanswered},
            {"scrubbed_answers", built.scrubbed},
            {"database", options.database},
            {"opened", !options.dry_run}};
}

void print_study(const BuiltStudy& built, const OpenStudyOptions& options) {
    std::size_t rated = 0;
    for (const store::StudyItemRow& item : built.items) rated += item.kind == "rated" ? 1 : 0;
    print_heading(fmt::format("{} study {}", built.study.protocol, built.study.name));
    Table table = table_of({{"category", Column::Key}, {"prompts", Column::Number}, {"sampled", Column::Number}});
    for (const auto& [name, stratum] : built.strata)
        table.rows.push_back({name, std::to_string(stratum.available), std::to_string(stratum.sampled)});
    print_table(table, kWideColumns);
    print("\n");
    print_paragraph(fmt::format("{} items, {} ratings each: {} ratings. {} hidden checks and practice items. Hash {}.",
                                rated, built.study.raters, rated * built.study.raters, built.items.size() - rated,
                                built.study.hash.substr(0, 12)),
                    kWideColumns);
    if (built.unanswered > 0)
        print_paragraph(fmt::format("{} prompts were left out: not every run answered them.", built.unanswered),
                        kWideColumns);
    if (built.scrubbed > 0)
        print_paragraph(fmt::format("{} answers are shown without the names by which assistants introduce themselves.",
                                    built.scrubbed),
                        kWideColumns);
    print_paragraph(options.dry_run ? std::string("Nothing was stored (--dry-run).")
                                    : fmt::format("Open. Next: bellwether rate invite '{}' --raters {}",
                                                  built.study.name, built.study.raters),
                    kWideColumns);
}

ExitCode open_study(const OpenStudyOptions& options) {
    const Definition definition = definition_of(options);
    const store::Database database =
        options.dry_run ? database_to_read(options.database) : database_to_change(options.database);
    StudySources sources = study_sources(store::RunStore(database), definition);
    if (!options.save.empty()) base::write_output(options.save, study::definition_text(sources.definition));
    BuiltStudy built = study::build_study(sources.definition, std::move(sources.prompts), study::system_now());
    store::StudyStore studies(database);
    const auto there = studies.find(built.study.name);
    if (there && there->hash != built.study.hash)
        throw base::UsageError(
            fmt::format("{}: there is another study '{}' already, and a study is frozen once it is "
                        "open; give the new one another name",
                        options.database, built.study.name));
    if (!options.dry_run) studies.add(built.study, built.items);
    if (options.json) {
        print_json(to_json(built, options));
    } else {
        print_study(built, options);
    }
    return ExitCode::Done;
}

/// Flags that stand for fields of the file.
std::vector<Option*> definition_options(Verb& verb, OpenStudyOptions& options) {
    Definition& study = options.definition;
    std::vector<Option*> all;
    const auto option = [&](const char* name, const char* value, Reader reader, const char* help) -> Option& {
        Option& added = verb.option(name, value, std::move(reader), help).of_its_verb();
        all.push_back(&added);
        return added;
    };
    verb.heading("Instead of STUDY.json");
    option("--name", "NAME", text_not_empty(study.name), "Name of the study");
    option(
        "--protocol", "NAME",
        choice(study.protocol,
               {{"pairwise", Protocol::Pairwise}, {"safety", Protocol::Safety}, {"preference", Protocol::Preference}}),
        "pairwise (default): which of two answers is better, on 7 points; safety: one answer, 1 to 5; preference: "
        "which of two, in 4 strengths, and which are safe");
    option("--run", "RUN", texts(study.runs), "A run whose answers are rated; give it several times").arity =
        Arity::Repeated;
    option("--task", "NAME", texts(study.tasks),
           "A task of the runs; may be given several times (default: all that "
           "generate text)")
        .arity = Arity::Repeated;
    option("--question", "TEXT", any_text(study.question), "Question above the scale (default: the protocol's)");
    option("--prompts", "N", whole_number(study.prompts), "Prompts to sample (default: all)");
    option("--answers-per-prompt", "N", whole_number(study.answers_per_prompt, 1),
           "Answers of a run to each prompt, where it has several (default: 1)");
    option("--stratify", "FIELD", text_not_empty(study.stratify),
           "Field of the documents by which prompts are sampled in proportion (default: category)");
    option("--seed", "N", whole_number(study.seed), "Of sample, order and sides (default: 0)");
    option("--raters-per-item", "K", whole_number(study.raters_per_item, 1), "Ratings of an item (default: 3)");
    all.push_back(&verb.flag("--scrub", truth(study.scrub),
                             "Take out the names by which assistants introduce themselves; every change is kept"));
    option("--assignment", "NAME",
           choice(study.assignment, {{"plain", Assignment::Plain}, {"adaptive", Assignment::Adaptive}}),
           "plain (default), or adaptive: pairs of variants that are not decided yet, and no more of those that are");
    option("--items-per-rater", "N", whole_number(study.items_per_rater), "Items a rater, at most (default: all)");
    option("--lease-minutes", "N", whole_number(study.lease_minutes, 1),
           "How long an item is kept for a rater who does nothing (default: 10, and 3 times the median time)");
    option("--session-items", "N", whole_number(study.session_items),
           "Items before a break is due (default: no breaks)");
    option("--break-minutes", "N", whole_number(study.break_minutes, 1), "Length of a break (default: 15)");
    option("--gold", "FILE", text_not_empty(options.gold), "Hidden items with a right answer, as JSON lines");
    option("--attention", "FILE", text_not_empty(options.attention), "Hidden items that say which answer to give");
    option("--check-every", "N", whole_number(study.check_every, 2), "One hidden item among so many (default: 10)");
    option("--practice", "FILE", text_not_empty(options.practice), "Items to begin with, with feedback");
    return all;
}

}  // namespace

void add_rate_open_study(Verb& rate) {
    Verb& verb = rate.verb("open-study", "Freeze a study over stored answers and open it for rating");
    auto& options = verb.command(open_study);
    Option& file = verb.argument("STUDY.json", text_not_empty(options.file), "The study's plan; or the options below");
    verb.flag("--dry-run", truth(options.dry_run), "Show what would be rated; store nothing").of_its_verb();
    database_option(verb, options.database);
    json_flag(verb, options.json);
    for (Option* option : definition_options(verb, options)) file.excludes(*option);
    Option& save =
        verb.option("--save", "FILE", text_not_empty(options.save), "Write the plan of these options").of_its_verb();
    file.excludes(save);
    verb.example("bellwether rate open-study --name helpful --run 1 --run 2 --prompts 200 --save study.json");
    verb.example("bellwether rate open-study study.json");
    verb.note(
        "A check item is {\"prompt\": \"...\", \"answers\": [\"...\", \"...\"], \"right\": \"first\"}: \"right\" is "
        "[lowest, "
        "highest] point from the first answer's side, or first, same or second (pairwise), first or second "
        "(preference), violation or no_violation (safety). \"feedback\" is shown after a practice item.");
}

}  // namespace harness::cli
