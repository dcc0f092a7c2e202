#include "reports/formats/item_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/item_facts.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/formats/short_text.hpp"
#include "reports/sections/cells.hpp"

namespace reports::formats {
namespace {

using sections::BrowsedDocument;
using sections::BrowsedItem;
using sections::BrowsedTask;
using Verdict = sections::Judged::Verdict;

constexpr std::size_t kMaxText = 4000;  // bytes

/// A verdict's CSS class and its sign.
struct Look {
    const char* name;
    const char* sign;
};

Look look_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Correct: return {"correct", "✓"};
        case Verdict::Wrong: return {"wrong", "✗"};
        case Verdict::Partial: return {"partial", ""};
        case Verdict::Unscored: return {"unscored", "–"};
        case Verdict::Error: return {"error", "error"};
        case Verdict::Missing: break;
    }
    return {"missing", "·"};
}

/// A text that may be shortened: "text", and "more" for what is left out.
void set_text(TemplateData& data, const std::string& name, const std::string& text) {
    const ShortText shown = short_text(text, kMaxText, Keep::Beginning);
    data.set(name, std::string(shown.kept));
    data.set(name + "_more", optional_text(left_out_text(shown.left_out)));
}

/// A section with a text that may be shortened; no section where there is none.
TemplateData long_text(const std::string& text, Keep keep) {
    if (text.empty()) return TemplateData(TemplateData::type::bool_false);
    const ShortText shown = short_text(text, kMaxText, keep);
    TemplateData data("text", std::string(shown.kept));
    data.set("more", optional_text(left_out_text(shown.left_out)));
    return data;
}

TemplateData verdict_data(const sections::Judged& judged, const data::RunView& run, std::size_t index) {
    const Look look = look_of(judged.verdict);
    TemplateData data("text", judged.verdict == Verdict::Partial ? fmt::format("{:.3g}", *judged.score) : look.sign);
    data.set("kind", look.name);
    data.set("title", sections::run_name(run) + ": " + look.name);
    set_run_looks(data, index);
    return data;
}

TemplateData score_data(const std::string& name, const data::ItemScore& score) {
    TemplateData data("name", name);
    data.set("value", score_text(score));
    data.set("explanation", optional_text(score.explanation));
    return data;
}

TemplateData exchange_data(const data::ItemView& item, std::size_t index, bool with_prompt) {
    const data::Exchange& exchange = item.exchanges[index];
    TemplateData data;
    set_text(data, "answer", exchange.answer);
    data.set("prompt", long_text(with_prompt ? exchange.prompt : "", Keep::End));
    data.set("cut", optional_text(cut_text(exchange.cut_tokens)));
    data.set("choice", exchange.kind == "choice");
    data.set("target", sections::is_target(item, index));
    data.set("most_likely", is_most_likely(item, index));
    data.set("logprob", optional_text(exchange.logprob ? sections::number(exchange.logprob) : ""));
    data.set("finish", optional_text(finish_text(exchange.finish)));
    return data;
}

TemplateData column_data(const BrowsedItem& browsed, const data::RunView& run, std::size_t index,
                         const BrowsedDocument& document) {
    const data::ItemView* item = browsed.item;
    TemplateData data("name", sections::run_name(run));
    set_run_looks(data, index);
    const char* missing = browsed.exists ? "Not among the items shown of this run." : "This run has no such document.";
    data.set("missing", optional_text(item == nullptr ? missing : ""));
    data.set("error", long_text(item == nullptr ? "" : item->error, Keep::Beginning));
    const bool renumbered = item != nullptr && item->doc != document.doc;
    data.set("number", optional_text(renumbered ? fmt::format("document {} of this run", item->doc) : ""));
    TemplateList exchanges;
    TemplateList scores;
    if (item != nullptr) {
        const bool with_prompts = document.shared_prompt() == nullptr;
        for (std::size_t i = 0; i < item->exchanges.size(); ++i)
            exchanges.push_back(exchange_data(*item, i, with_prompts));
        for (const auto& [name, score] : item->scores) scores.push_back(score_data(name, score));
    }
    data.set("any_scores", !scores.empty());
    data.set("exchanges", exchanges);
    data.set("scores", scores);
    return data;
}

TemplateData document_data(const BrowsedTask& task, const BrowsedDocument& document,
                           const std::vector<data::RunView>& runs) {
    const std::string* prompt = document.shared_prompt();
    TemplateList verdicts;
    TemplateList columns;
    for (std::size_t i = 0; i < task.runs.size(); ++i) {
        const std::size_t run = task.runs[i];
        verdicts.push_back(verdict_data(document.items[i].judged, runs[run], run));
        columns.push_back(column_data(document.items[i], runs[run], run, document));
    }
    TemplateData data("doc", std::to_string(document.doc));
    data.set("question", question_text(document.first_item()));
    data.set("verdicts", verdicts);
    data.set("shared_prompt", long_text(prompt == nullptr ? "" : *prompt, Keep::End));
    data.set("expected", long_text(expected_text(document.first_item()), Keep::Beginning));
    data.set("columns", columns);
    return data;
}

/// The documents of a task, most interesting first.
std::vector<const BrowsedDocument*> by_interest(const BrowsedTask& task) {
    std::vector<const BrowsedDocument*> documents;
    for (const BrowsedDocument& document : task.documents) documents.push_back(&document);
    std::stable_sort(documents.begin(), documents.end(),
                     [](const auto* a, const auto* b) { return a->interest() < b->interest(); });
    return documents;
}

/// Markup of the documents that are listed, one list for each task. Turn by turn each task gives one document.
std::vector<std::vector<std::string>> listed(const std::vector<BrowsedTask>& tasks,
                                             const std::vector<data::RunView>& runs, std::size_t max_bytes) {
    PageTemplate markup("document.mustache");
    std::vector<std::vector<const BrowsedDocument*>> waiting;
    waiting.reserve(tasks.size());
    for (const BrowsedTask& task : tasks) waiting.push_back(by_interest(task));
    std::vector<std::vector<std::string>> documents(tasks.size());
    std::size_t bytes = 0;
    // A document that does not fit ends it: trying all of twenty thousand would take long.
    for (std::size_t turn = 0, tried = 1; tried > 0; ++turn) {
        tried = 0;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            if (turn >= waiting[i].size()) continue;
            std::string document = markup.fill(document_data(tasks[i], *waiting[i][turn], runs));
            if (document.size() > max_bytes - bytes) return documents;
            ++tried;
            bytes += document.size();
            documents[i].push_back(std::move(document));
        }
    }
    return documents;
}

}  // namespace

std::string item_list(const std::vector<BrowsedTask>& tasks, const std::vector<data::RunView>& runs,
                      std::size_t max_bytes) {
    const std::vector<std::vector<std::string>> documents = listed(tasks, runs, max_bytes);
    PageTemplate markup("items_of_task.mustache");
    std::string text;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        std::string own;
        for (const std::string& document : documents[i]) own += document;
        TemplateData data("task", tasks[i].tasks.front()->task);
        data.set("details", task_text(tasks[i]));
        data.set("documents", own);
        data.set("rest", documents[i].size() < tasks[i].documents.size());
        data.set("count", std::to_string(documents[i].size()));
        data.set("warned", std::any_of(tasks[i].tasks.begin(), tasks[i].tasks.end(),
                                       [](const data::TaskView* view) { return view->has_harmful_text; }));
        text += markup.fill(data);
    }
    return text;
}

}  // namespace reports::formats
