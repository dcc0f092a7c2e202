#include "harness/results/jsonl_export.hpp"

#include <nlohmann/json.hpp>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/licence.hpp"
#include "harness/store/score_store.hpp"
#include "suites/text.hpp"

namespace harness::results {

void export_jsonl(const store::RunStore& runs, const store::RunRow& run,
                  const std::function<void(std::string_view)>& write) {
    using nlohmann::ordered_json;
    const LaterScorers scorers(store::ScoreStore(runs.database()).scorers(run.id));
    const engine::Licence licence = run_licence(runs, run);
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        for (const store::ItemRow& item : runs.items(task.id)) {
            ordered_json line = {{"task", task.task},
                                 {"doc", item.doc},
                                 {"requests", ordered_json::array()},
                                 {"scores", ordered_json::object()}};
            for (const store::RequestRow& request : item.requests) {
                if (request.kind == "generate") {
                    line["requests"].push_back({{"prompt", request.context}, {"output", request.output}});
                    // JSON cannot hold bytes that are not UTF-8: they become U+FFFD in "output".
                    if (!suites::is_utf8(request.output))
                        line["requests"].back()["output_base64"] = base::to_base64(request.output);
                } else {
                    line["requests"].push_back({{"context", request.context},
                                                {"continuation", request.continuation},
                                                {"logprob", request.logprob},
                                                {"greedy", request.greedy}});
                }
            }
            for (const store::ScoreRow& score : item.scores) {
                line["scores"][score.metric] = score.value ? ordered_json(*score.value) : ordered_json(nullptr);
            }
            for (const store::ScoreRow& score : item.scores) {
                if (!score.explanation.empty()) line["explanations"][score.metric] = score.explanation;
            }
            for (const auto& [name, score] : later_scores(item, scorers)) {
                line["later_scores"][name] = {
                    {"value", score.value ? ordered_json(*score.value) : ordered_json(nullptr)},
                    {"explanation", score.explanation}};
            }
            if (!item.error.empty()) line["error"] = item.error;
            if (licence.is_llama2()) line["licence"] = licence.name;
            write(base::ordered_json_text(line) + '\n');
        }
    }
}

}  // namespace harness::results
