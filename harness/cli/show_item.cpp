#include "harness/cli/show_item.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/store/score_store.hpp"
#include "suites/suggestion.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

// Keeps the document's keys in the order of the data file.
using nlohmann::ordered_json;

ordered_json token_json(const store::RequestRow& request) {
    ordered_json tokens = ordered_json::array();
    for (const store::TokenRow& token : request.tokens) {
        tokens.push_back({{"id", token.id}, {"logprob", token.logprob}});
    }
    return tokens;
}

ordered_json later_json(const store::ItemRow& item, const results::LaterScorers& scorers) {
    ordered_json later = ordered_json::array();
    for (const store::ScoreRow& score : item.later) {
        const std::string* scorer = scorers.name(score.scorer);
        ordered_json shown = {{"scorer", scorer == nullptr ? "" : *scorer},
                              {"metric", score.metric},
                              {"value", score.value ? ordered_json(*score.value) : ordered_json(nullptr)},
                              {"explanation", score.explanation}};
        if (score.position) shown["request"] = *score.position;
        later.push_back(std::move(shown));
    }
    return later;
}

ordered_json item_json(const store::RunTaskRow& task, const store::ItemRow& item,
                       const results::LaterScorers& scorers) {
    ordered_json requests = ordered_json::array();
    for (const store::RequestRow& request : item.requests) {
        ordered_json shown = {
            {"kind", request.kind}, {"context", request.context}, {"context_tokens", request.context_tokens}};
        if (request.kind == "generate") {
            shown["output"] = request.output;
            // JSON has no place for bytes that are not UTF-8: "output" has U+FFFD for them.
            if (!suites::is_utf8(request.output)) shown["output_base64"] = base::to_base64(request.output);
            shown["finish"] = request.finish;
        } else {
            shown["continuation"] = request.continuation;
            shown["logprob"] = request.logprob;
            shown["greedy"] = request.greedy;
        }
        if (request.cut_tokens != 0) shown["cut_tokens"] = request.cut_tokens;
        shown["tokens"] = token_json(request);
        requests.push_back(std::move(shown));
    }
    ordered_json scores = ordered_json::object();
    for (const store::ScoreRow& score : item.scores) {
        scores[score.metric] = score.value ? ordered_json(*score.value) : ordered_json(nullptr);
    }
    ordered_json shown = {{"task", task.task},
                          {"doc", item.doc},
                          {"document", base::ordered_json_or_null(item.document_json)},
                          {"target", item.target},
                          {"error", item.error},
                          {"requests", std::move(requests)},
                          {"scores", std::move(scores)}};
    for (const store::ScoreRow& score : item.scores) {
        if (!score.explanation.empty()) shown["explanations"][score.metric] = score.explanation;
    }
    if (!item.later.empty()) shown["later_scores"] = later_json(item, scorers);
    return shown;
}

void print_score(const std::string& name, const std::optional<double>& value, const std::string& explanation) {
    print("{}: {}\n", name, value ? fmt::format("{}", *value) : "unscored");
    if (!explanation.empty()) print("   {}\n", Block{explanation});
}

void print_item(const store::RunTaskRow& task, const store::ItemRow& item, const results::LaterScorers& scorers) {
    print("{} document {}, target: {}\n", task.task, item.doc, Block{item.target});
    if (!item.error.empty()) print("error: {}\n", item.error);
    for (const store::RequestRow& request : item.requests) {
        print("\n--- {} after {} tokens", request.kind, request.context_tokens);
        if (request.cut_tokens != 0) print("; {} more were cut on the left of the prompt", request.cut_tokens);
        print("\n{}\n", Block{request.context});
        if (request.kind == "generate") {
            print("=> {}\n", Block{request.output});
            if (!request.finish.empty()) print("   ended by: {}\n", request.finish);
        } else {
            print("=> {}\n   log-probability {:.6f}{}\n", Block{request.continuation}, request.logprob,
                  request.greedy ? ", greedy" : "");
        }
    }
    print("\n");
    for (const store::ScoreRow& score : item.scores) print_score(score.metric, score.value, score.explanation);
    for (const auto& [name, score] : results::later_scores(item, scorers))
        print_score(name, score.value, score.explanation);
}

/// Throws UsageError if the run has no task of this name; an empty one means all tasks.
void check_task(const store::RunRow& run, const std::vector<store::RunTaskRow>& tasks, const std::string& name) {
    std::set<std::string> known;
    for (const store::RunTaskRow& task : tasks) known.insert(task.task);
    if (!name.empty() && !known.contains(name))
        throw base::UsageError(fmt::format("run {} has no task '{}'{}", run.id, name, suites::suggestion(name, known)));
}

}  // namespace

ExitCode show_item(const store::RunStore& runs, const store::RunRow& run, const ItemChoice& choice) {
    const results::LaterScorers scorers(store::ScoreStore(runs.database()).scorers(run.id));
    bool found = false;
    const std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    check_task(run, tasks, choice.task);
    for (const store::RunTaskRow& task : tasks) {
        if (!choice.task.empty() && task.task != choice.task) continue;
        const auto item = runs.item(task.id, choice.doc);
        if (!item) continue;
        found = true;
        if (choice.json) {
            print_ordered_json(item_json(task, *item, scorers));
        } else {
            print_item(task, *item, scorers);
        }
    }
    if (!found)
        throw base::UsageError(fmt::format("run {} has no item {}{}", run.id, choice.doc,
                                           choice.task.empty() ? "" : " of a task " + choice.task));
    return ExitCode::Done;
}

}  // namespace harness::cli
