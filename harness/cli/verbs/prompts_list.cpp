#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/prompt_sets.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using safety::prompts::Prompt;

struct PromptsListOptions {
    std::string set;  ///< empty: the sets themselves
    std::vector<std::string> tags;
    bool json = false;
};

json to_json(const PromptSet& set) {
    std::set<std::string> languages;
    std::size_t single = 0;
    for (const Prompt& prompt : set.prompts) {
        languages.insert(prompt.language);
        single += prompt.is_single_turn() ? 1U : 0U;
    }
    return {{"set", set.name},
            {"version", set.version},
            {"prompts", set.prompts.size()},
            {"single_turn", single},
            {"languages", languages.size()},
            {"sha256", set.sha256},
            {"description", set.description}};
}

ExitCode list_sets(const PromptsListOptions& options) {
    json sets = json::array();
    for (const safety::prompts::Set& set : safety::prompts::builtin_sets())
        sets.push_back(to_json(prompt_set(set.name)));
    if (options.json) {
        print_json(sets);
        return ExitCode::Done;
    }
    Table table = table_of({{"set", Column::Key},
                            {"version", Column::Number},
                            {"prompts", Column::Number},
                            {"single-turn", Column::Number},
                            {"languages", Column::Number},
                            {"description", Column::Text}});
    for (const json& set : sets) {
        table.rows.push_back({set["set"], set["version"].dump(), set["prompts"].dump(), set["single_turn"].dump(),
                              set["languages"].dump(), set["description"]});
    }
    print_table(table, kPlainColumns);
    return ExitCode::Done;
}

ExitCode list_prompts(const PromptsListOptions& options) {
    if (options.set.empty() && options.tags.empty()) return list_sets(options);
    const PromptSet set = prompt_set(options.set);
    const std::vector<Prompt> prompts = filtered(set.prompts, tag_filters(options.tags));
    if (options.json) {
        json listed = json::array();
        for (const Prompt& prompt : prompts) listed.push_back(base::parse_json(to_line(prompt), prompt.id));
        print_json(listed);
        return ExitCode::Done;
    }
    Table table = table_of(
        {{"prompt", Column::Key}, {"tags", Column::Key}, {"turns", Column::Number}, {"last turn", Column::Text}});
    for (const Prompt& prompt : prompts) {
        std::vector<std::string> tags;
        for (const auto& [name, value] : prompt.tags) tags.push_back(value);
        constexpr std::size_t kShown = 160;
        const std::string& last = prompt.turns.back().content;
        table.rows.push_back({prompt.id, fmt::format("{}", fmt::join(tags, ", ")),
                              std::to_string((prompt.turns.size() + 1) / 2),
                              last.size() <= kShown ? last : visible_line(last.substr(0, kShown)) + "…"});
    }
    print_table(table, kPlainColumns);
    return ExitCode::Done;
}

}  // namespace

void add_prompts_list(Verb& prompts) {
    Verb& verb = prompts.verb("list", "The sets, or the prompts of one");
    auto& options = verb.command(list_prompts);
    verb.argument("SET", text_not_empty(options.set), "helpfulness, safety, borderline, or a set file (JSON lines)");
    verb.option("--tag", "NAME=VALUE", texts(options.tags),
                "Only prompts with this tag: category, category2, vector, hazard, language, persona, or turns=single, "
                "turns=multi")
        .arity = Arity::Repeated;
    json_flag(verb, options.json);
    verb.example("bellwether prompts list");
    verb.example("bellwether prompts list safety --tag vector=logic --tag turns=multi");
}

}  // namespace harness::cli
