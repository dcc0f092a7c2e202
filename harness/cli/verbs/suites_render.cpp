#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

struct SuitesRenderOptions {
    std::string name;
    std::vector<std::string> tasks;  ///< folders
    std::string data_dir;
    std::optional<std::size_t> limit;
    std::optional<std::uint32_t> fewshot;
    std::uint64_t seed = 1234;
    bool jsonl = false;
};

enum class Shown { Text, JsonLines };

void print_request(const suites::Task& task, const suites::Item& item, const suites::Request& request, Shown shown) {
    const suites::Prompt* prompt = suites::prompt_of(request);
    const std::string context = prompt == nullptr ? "" : suites::plain_text(prompt->turns);
    const std::string& continuation = suites::scored_text(request);
    if (shown == Shown::JsonLines) {
        const auto* generate = std::get_if<suites::GenerateRequest>(&request);
        print_trusted(base::json_text({{"task", task.name()},
                                       {"doc", item.doc},
                                       {"kind", suites::kind_name(request)},
                                       {"context", context},
                                       {"continuation", continuation},
                                       {"until", generate == nullptr ? std::vector<std::string>() : generate->until},
                                       {"target", item.target()}}) +
                      "\n");
        return;
    }
    print("--- {} {} ({}), target {}\n{}", task.name(), item.doc, suites::kind_name(request), Block{item.target()},
          Block{context});
    if (!continuation.empty()) print(" >>>{}<<<", Block{continuation});
    print("\n");
}

ExitCode render(const SuitesRenderOptions& options) {
    const suites::Catalog catalog = task_catalog(options.tasks);
    const suites::DataFolders folders = suites::data_folders(options.data_dir);
    for (const suites::Task& task : select_tasks(catalog, options.name)) {
        const std::vector<suites::Item> items =
            task.render(folders, {.fewshot = options.fewshot, .limit = options.limit, .seed = options.seed});
        for (const suites::Item& item : items) {
            for (const suites::Request& request : item.requests)
                print_request(task, item, request, options.jsonl ? Shown::JsonLines : Shown::Text);
        }
    }
    return ExitCode::Done;
}

}  // namespace

void add_suites_render(Verb& suites) {
    Verb& verb = suites.verb("render", "The exact requests of a task, without a model");
    auto& options = verb.command(render);
    verb.argument("NAME", text_not_empty(options.name), "Tasks and groups, separated by commas").required();
    tasks_option(verb, options.tasks);
    data_option(verb, options.data_dir);
    verb.option("--limit", "N", whole_number(options.limit, 1), "The first N documents");
    verb.option("--fewshot", "K", whole_number(options.fewshot),
                "Few-shot examples before each question (default: the task's)")
        .alias("--num-fewshot");
    verb.option("--seed", "N", whole_number(options.seed), "Seed that chooses the few-shot examples (default: 1234)");
    verb.flag("--jsonl", truth(options.jsonl), "One JSON object per request");
    verb.example("bellwether suites render arc_easy --limit 2 --jsonl");
}

}  // namespace harness::cli
