#include "harness/results/shown_items.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/json.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/safety_prompt.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "reports/sections/documents_to_show.hpp"

namespace harness::results {
namespace {

/// What the document says that it is about: the first short text among the fields that data sets use for it.
std::string category_of(const nlohmann::json& document) {
    constexpr std::size_t kMaxLength = 80;
    for (const char* field : {"category", "subject", "topic", "domain", "type"}) {
        std::string text = base::text_member(document, field);
        if (!text.empty() && text.size() <= kMaxLength && text.find('\n') == std::string::npos) return text;
    }
    return "";
}

reports::data::ItemView shown(const store::ItemRow& item, const nlohmann::json& document, const LaterScorers& scorers) {
    reports::data::ItemView view{.doc = item.doc,
                                 .target = item.target,
                                 .error = item.error,
                                 .exchanges = {},
                                 .scores = {},
                                 .category = category_of(document)};
    for (const store::RequestRow& request : item.requests) {
        const bool generated = request.kind == "generate";
        view.exchanges.push_back({.kind = request.kind,
                                  .prompt = request.context,
                                  .answer = generated ? request.output : request.continuation,
                                  .logprob = generated ? std::nullopt : std::optional(request.logprob),
                                  .finish = request.finish,
                                  .cut_tokens = request.cut_tokens});
    }
    for (const store::ScoreRow& score : item.scores)
        view.scores[score.metric] = {.value = score.value, .explanation = score.explanation};
    view.scores.merge(later_scores(item, scorers));
    return view;
}

bool asks_for_harm(const store::RunTaskRow& task, const nlohmann::json& document) {
    if (task_kind(task) == reports::data::PromptKind::Unsafe) return true;
    const auto prompt = safety_prompt(task, document);
    return prompt && prompt->kind == reports::data::PromptKind::Unsafe;
}

void read_items(const store::RunStore& runs, const store::RunTaskRow& row, const std::vector<std::uint64_t>& docs,
                const LaterScorers& scorers, reports::data::TaskView& task) {
    // One query for each stretch of consecutive documents, of a size that bounds the memory.
    constexpr std::size_t kPage = 500;
    for (std::size_t i = 0; i < docs.size();) {
        std::size_t count = 1;
        while (count < kPage && i + count < docs.size() && docs[i + count] == docs[i] + count) ++count;
        for (const store::ItemRow& item : runs.page(row.id, docs[i], count)) {
            const nlohmann::json document = base::json_or_null(item.document_json);
            task.has_harmful_text = task.has_harmful_text || asks_for_harm(row, document);
            task.shown.push_back(shown(item, document, scorers));
        }
        i += count;
    }
}

}  // namespace

void read_shown_items(const store::RunStore& runs, const std::vector<store::RunRow>& rows, std::uint64_t per_task,
                      std::vector<reports::data::RunView>& views) {
    if (per_task == 0) return;
    const store::ReadTransaction one_moment(runs.database());
    const auto documents = reports::sections::documents_to_show(
        views, {.per_task = static_cast<std::size_t>(per_task), .in_all = kMaxBrowsedDocuments});
    const store::ScoreStore scores(runs.database());
    for (std::size_t run = 0; run < rows.size(); ++run) {
        const LaterScorers scorers(scores.scorers(rows[run].id));
        const std::vector<store::RunTaskRow> tasks = runs.tasks(rows[run].id);
        for (std::size_t i = 0; i < documents[run].size(); ++i)
            read_items(runs, tasks.at(i), documents[run][i], scorers, views[run].tasks[i]);
    }
}

}  // namespace harness::results
