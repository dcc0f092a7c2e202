#include "reports/formats/item_browser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/formats/page_template.hpp"
#include "reports/sections/browsed_items.hpp"
#include "reports/sections/cells.hpp"

namespace reports::formats {
namespace {

using sections::BrowsedDocument;
using sections::BrowsedItem;
using sections::BrowsedTask;
using Verdict = sections::Judged::Verdict;

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

TemplateData verdict_data(const sections::Judged& judged, const data::RunView& run, std::size_t index) {
    const Look look = look_of(judged.verdict);
    TemplateData data("text", judged.verdict == Verdict::Partial ? fmt::format("{:.3g}", *judged.score) : look.sign);
    data.set("kind", look.name);
    data.set("title", sections::run_name(run) + ": " + look.name);
    set_run_looks(data, index);
    return data;
}

std::string finish_text(const std::string& finish) {
    if (finish == "eos") return "ended by itself";
    if (finish == "stop") return "ended at a stop string";
    if (finish == "length") return "ended by the limit of its length";
    return finish;
}

std::string cut_text(std::uint64_t tokens) {
    return tokens == 0 ? "" : fmt::format("{} cut off the left of this prompt", sections::counted(tokens, "token"));
}

TemplateData score_data(const std::string& name, const data::ItemScore& score) {
    TemplateData data("name", name);
    data.set("value", score.value ? fmt::format("{:.6g}", *score.value) : "unscored");
    data.set("explanation", optional_text(score.explanation));
    return data;
}

TemplateData exchange_data(const data::ItemView& item, std::size_t index, bool with_prompt) {
    const data::Exchange& exchange = item.exchanges[index];
    const auto is_less_likely = [](const data::Exchange& a, const data::Exchange& b) {
        return a.logprob.value_or(-INFINITY) < b.logprob.value_or(-INFINITY);
    };
    const auto best = std::max_element(item.exchanges.begin(), item.exchanges.end(), is_less_likely);
    TemplateData data("answer", exchange.answer);
    data.set("prompt", optional_text(with_prompt ? exchange.prompt : ""));
    data.set("cut", optional_text(cut_text(exchange.cut_tokens)));
    data.set("choice", exchange.kind == "choice");
    data.set("target", sections::is_target(item, index));
    data.set("most_likely", exchange.kind == "choice" && item.exchanges.size() > 1 && &*best == &exchange);
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
    data.set("error", optional_text(item == nullptr ? "" : item->error));
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

/// The target as text; empty for choices, which are marked instead.
std::string expected_text(const data::ItemView& item) {
    const bool choices = std::any_of(item.exchanges.begin(), item.exchanges.end(),
                                     [](const data::Exchange& exchange) { return exchange.kind == "choice"; });
    return choices ? "" : item.target;
}

/// The text shown and searched for a document. A rolling likelihood has it in the answer.
std::string question_text(const data::ItemView& item) {
    if (item.exchanges.empty()) return "";
    const data::Exchange& first = item.exchanges.front();
    const bool blank = first.prompt.find_first_not_of(" \n\t") == std::string::npos;
    return sections::question_of(blank ? first.answer : first.prompt);
}

TemplateData filter_data(const std::string& group, const char* value, const char* label, std::size_t count) {
    TemplateData data("group", group);
    data.set("value", value);
    data.set("label", label);
    data.set("count", std::to_string(count));
    data.set("checked", std::string_view(value) == "all");
    return data;
}

template <class Is>
std::size_t count_documents(const BrowsedTask& task, const Is& is) {
    return static_cast<std::size_t>(std::count_if(task.documents.begin(), task.documents.end(), is));
}

TemplateList filters_of(const BrowsedTask& task, const std::string& name) {
    const auto has = [](Verdict verdict) {
        return [verdict](const BrowsedDocument& document) { return document.any(verdict); };
    };
    TemplateList filters = {filter_data(name, "all", "all", task.documents.size())};
    if (task.runs.size() > 1) {
        filters.push_back(filter_data(name, "differs", "runs differ",
                                      count_documents(task, [](const auto& document) { return document.differs(); })));
    }
    filters.push_back(filter_data(name, "wrong", "wrong", count_documents(task, has(Verdict::Wrong))));
    filters.push_back(filter_data(name, "error", "errors", count_documents(task, has(Verdict::Error))));
    return filters;
}

std::string details_of(const BrowsedTask& task) {
    std::uint64_t items = 0;
    for (const data::TaskView* view : task.tasks) items = std::max(items, view->items);
    std::string details = sections::task_details(*task.tasks.front());
    if (task.documents.size() < items) details += fmt::format(", the first {} shown", task.documents.size());
    if (task.metric != nullptr) details += ", correct and wrong by " + task.metric->name;
    return details;
}

/// Renders the documents of all tasks with templates compiled once.
class Browser {
public:
    explicit Browser(const std::vector<data::RunView>& runs) : runs_(runs) {}

    std::string task(const BrowsedTask& task, std::size_t index) {
        std::string documents;
        for (const BrowsedDocument& document : task.documents) documents += filled(task, document);
        TemplateData data("task", task.tasks.front()->task);
        data.set("details", details_of(task));
        data.set("filters", filters_of(task, fmt::format("show{}", index)));
        data.set("documents", documents);
        data.set("warned", std::any_of(task.tasks.begin(), task.tasks.end(),
                                       [](const data::TaskView* view) { return view->has_harmful_text; }));
        return task_.fill(data);
    }

private:
    std::string filled(const BrowsedTask& task, const BrowsedDocument& document) {
        const data::ItemView& item = document.first_item();
        const std::string* prompt = document.shared_prompt();
        TemplateList verdicts;
        TemplateList columns;
        for (std::size_t i = 0; i < task.runs.size(); ++i) {
            const std::size_t run = task.runs[i];
            verdicts.push_back(verdict_data(document.items[i].judged, runs_[run], run));
            columns.push_back(column_data(document.items[i], runs_[run], run, document));
        }
        std::string flags;
        if (document.differs()) flags += "differs ";
        if (document.any(Verdict::Wrong)) flags += "wrong ";
        if (document.any(Verdict::Error)) flags += "error ";
        TemplateData data("doc", std::to_string(document.doc));
        data.set("flags", flags);
        data.set("question", question_text(item));
        data.set("verdicts", verdicts);
        data.set("shared_prompt", optional_text(prompt == nullptr ? "" : *prompt));
        data.set("expected", optional_text(expected_text(item)));
        data.set("columns", columns);
        return document_.fill(data);
    }

    const std::vector<data::RunView>& runs_;
    PageTemplate task_{"items_of_task.mustache"};
    PageTemplate document_{"document.mustache"};
};

}  // namespace

std::string item_browser(const std::vector<data::RunView>& runs) {
    const std::vector<BrowsedTask> tasks = sections::browsed_tasks(runs);
    if (tasks.empty()) return "";
    Browser browser(runs);
    std::string text;
    for (std::size_t i = 0; i < tasks.size(); ++i) text += browser.task(tasks[i], i);
    TemplateData data("tasks", text);
    data.set("several", runs.size() > 1);
    return PageTemplate("items.mustache").fill(data);
}

}  // namespace reports::formats
