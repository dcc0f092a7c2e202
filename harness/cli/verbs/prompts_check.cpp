#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/prompt_sets.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "safety/prompts/check.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using safety::prompts::CheckReport;
using safety::prompts::Measure;

constexpr std::size_t kShownFaults = 20;

struct PromptsCheckOptions {
    std::vector<std::string> sets;  ///< empty: the built-in sets
    std::vector<std::string> against;
    bool json = false;
};

json to_json(const std::string& name, const CheckReport& report) {
    json measures = json::array();
    for (const Measure& measure : report.measures) {
        measures.push_back({{"measure", measure.name},
                            {"value", measure.value},
                            {"required", measure.required},
                            {"holds", measure.holds}});
    }
    return {{"set", name}, {"holds", report.holds()}, {"measures", measures}, {"faults", report.faults}};
}

void print_report(const std::string& name, const CheckReport& report) {
    print("{}: {}\n", name, report.holds() ? "all requirements hold" : "falls short");
    Table table = table_of(
        {{"measure", Column::Text}, {"value", Column::Text}, {"required", Column::Text}, {"holds", Column::Key}});
    for (const Measure& measure : report.measures)
        table.rows.push_back({measure.name, measure.value, measure.required,
                              measure.required.empty() ? ""
                              : measure.holds          ? "yes"
                                                       : "NO"});
    print_table(table, kPlainColumns);
    for (std::size_t i = 0; i < report.faults.size() && i < kShownFaults; ++i) print("{}\n", report.faults[i]);
    if (report.faults.size() > kShownFaults)
        print("and {} more; --json lists all\n", report.faults.size() - kShownFaults);
}

ExitCode check(const PromptsCheckOptions& options) {
    std::vector<std::string> names = options.sets;
    if (names.empty()) {
        for (const safety::prompts::Set& set : safety::prompts::builtin_sets()) names.push_back(set.name);
    }
    std::vector<safety::prompts::ForeignTexts> foreign;
    for (const std::string& path : options.against) foreign.push_back({path, safety::prompts::foreign_texts(path)});
    json results = json::array();
    ExitCode code = ExitCode::Done;
    for (const std::string& name : names) {
        const PromptSet set = prompt_set(name);
        CheckReport report = safety::prompts::check_set(set.prompts, safety::prompts::requirements_of(set.name));
        if (!foreign.empty()) safety::prompts::check_against(set.prompts, foreign, report);
        if (!report.holds()) code = ExitCode::CheckFailed;
        if (options.json) {
            results.push_back(to_json(set.name, report));
        } else {
            if (name != names.front()) print("\n");
            print_report(set.name, report);
        }
    }
    if (options.json) print_json(results);
    return code;
}

}  // namespace

void add_prompts_check(Verb& prompts) {
    Verb& verb = prompts.verb(
        "check", "Measure variety, proportions and near-duplicates of sets; exit code 1 when one falls short");
    auto& options = verb.command(check);
    verb.arguments("SET", texts(options.sets), "Sets or set files (default: the three built in)");
    verb.option(
            "--against", "FOLDER", texts(options.against),
            "Also compare with every text in the data files below this folder (or in this file): prompts of other sets")
        .of_its_verb()
        .arity = Arity::Repeated;
    json_flag(verb, options.json);
    verb.example("bellwether prompts check");
    verb.example("bellwether prompts check my_set.jsonl --against other_sets");
}

}  // namespace harness::cli
