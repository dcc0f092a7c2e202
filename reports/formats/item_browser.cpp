#include "reports/formats/item_browser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "reports/formats/page_template.hpp"
#include "reports/sections/report_tables.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

constexpr std::size_t kQuestionColumns = 140;

/// A run's part in a task: none of it where the run lacks the task.
struct Side {
    std::size_t run = 0;
    const data::TaskView* task = nullptr;
    std::map<std::uint64_t, const data::ItemView*> shown;
    std::set<std::uint64_t> docs;
};

/// A task with the runs that have it, in the runs' order.
struct TaskGroup {
    const data::TaskView* task = nullptr;
    std::vector<Side> sides;
    std::set<std::uint64_t> shown;
    /// The metric that a document's verdict is of: the first with scores per item. Null when there is none.
    const data::MetricValues* metric = nullptr;
};

enum class Verdict { Right, Wrong, Partial, Unscored, Error, Missing };

struct Judged {
    Verdict verdict = Verdict::Missing;
    std::optional<double> score;
};

std::vector<TaskGroup> task_groups(const std::vector<data::RunView>& runs) {
    std::vector<TaskGroup> groups;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        for (const data::TaskView& task : runs[run].tasks) {
            auto group = std::find_if(groups.begin(), groups.end(), [&task](const TaskGroup& known) {
                return sections::same_task(*known.task, task);
            });
            if (group == groups.end())
                group = groups.insert(groups.end(), TaskGroup{.task = &task, .sides = {}, .shown = {}});
            Side side{.run = run, .task = &task, .shown = {}, .docs = {task.docs.begin(), task.docs.end()}};
            for (const data::ItemView& item : task.shown) {
                side.shown[item.doc] = &item;
                group->shown.insert(item.doc);
            }
            for (const data::MetricValues& metric : task.metrics) {
                if (group->metric == nullptr && !metric.values.empty()) group->metric = &metric;
            }
            group->sides.push_back(std::move(side));
        }
    }
    groups.erase(
        std::remove_if(groups.begin(), groups.end(), [](const TaskGroup& group) { return group.shown.empty(); }),
        groups.end());
    return groups;
}

const data::ItemView* item_of(const Side& side, std::uint64_t doc) {
    const auto found = side.shown.find(doc);
    return found == side.shown.end() ? nullptr : found->second;
}

Judged judge(const data::ItemView* item, const data::MetricValues* metric) {
    if (item == nullptr) return {};
    if (!item->error.empty()) return {Verdict::Error, std::nullopt};
    const auto found = metric == nullptr ? item->scores.end() : item->scores.find(metric->name);
    if (found == item->scores.end() || !found->second) return {Verdict::Unscored, std::nullopt};
    const double score = *found->second;
    // Of a rate of mistakes, 1 is the worst.
    const double worst = metric->higher_is_better ? 0 : 1;
    if (score == worst) return {Verdict::Wrong, score};
    return {score == 1 - worst ? Verdict::Right : Verdict::Partial, score};
}

TemplateData verdict_data(const Judged& judged, const data::RunView& run, std::size_t index) {
    static const std::map<Verdict, std::pair<const char*, const char*>> kWords = {
        {Verdict::Right, {"right", "✓"}},       {Verdict::Wrong, {"wrong", "✗"}},
        {Verdict::Partial, {"partial", ""}},    {Verdict::Error, {"error", "error"}},
        {Verdict::Unscored, {"unscored", "–"}}, {Verdict::Missing, {"missing", "·"}}};
    const auto& [kind, sign] = kWords.at(judged.verdict);
    std::string text = sign;
    if (judged.verdict == Verdict::Partial) text = fmt::format("{:.3g}", *judged.score);
    TemplateData data("text", text);
    data.set("kind", kind);
    data.set("title", sections::run_name(run) + ": " + kind);
    set_run_looks(data, index);
    return data;
}

/// What is asked, without examples before it: the end of the prompt from its last blank line on, on one line.
std::string question_of(std::string_view prompt) {
    const auto trimmed_end = prompt.find_last_not_of(" \n\t");
    prompt = prompt.substr(0, trimmed_end == std::string_view::npos ? 0 : trimmed_end + 1);
    const auto blank = prompt.rfind("\n\n");
    if (blank != std::string_view::npos) prompt.remove_prefix(blank + 2);
    std::string line;
    for (const char c : prompt) {
        const bool space = c == ' ' || c == '\n' || c == '\t';
        if (!space) line += c;
        if (space && !line.empty() && line.back() != ' ') line += ' ';
    }
    return text::shortened(line, kQuestionColumns);
}

std::string finish_text(const std::string& finish) {
    if (finish == "eos") return "ended by itself";
    if (finish == "stop") return "ended at a stop string";
    if (finish == "length") return "cut off at the longest length";
    return finish;
}

std::string score_text(const std::optional<double>& score) {
    return score ? fmt::format("{:.6g}", *score) : "unscored";
}

TemplateData exchange_data(const data::ItemView& item, std::size_t index, bool with_prompt) {
    const data::Exchange& exchange = item.exchanges[index];
    const auto is_better = [](const data::Exchange& a, const data::Exchange& b) {
        return a.logprob.value_or(-INFINITY) < b.logprob.value_or(-INFINITY);
    };
    const auto best = std::max_element(item.exchanges.begin(), item.exchanges.end(), is_better);
    TemplateData data("answer", exchange.answer);
    data.set("prompt", optional_text(with_prompt ? exchange.prompt : ""));
    data.set("choice", exchange.kind == "choice");
    data.set("target", is_target(item, index));
    data.set("likeliest", exchange.kind == "choice" && item.exchanges.size() > 1 && &*best == &exchange);
    data.set("logprob", optional_text(exchange.logprob ? sections::number(exchange.logprob) : ""));
    data.set("finish", optional_text(finish_text(exchange.finish)));
    return data;
}

TemplateData column_data(const Side& side, const data::RunView& run, std::uint64_t doc, bool with_prompts) {
    const data::ItemView* item = item_of(side, doc);
    TemplateData data("name", sections::run_name(run));
    set_run_looks(data, side.run);
    const char* missing =
        side.docs.contains(doc) ? "Not among the items shown of this run." : "This run has no such item.";
    data.set("missing", optional_text(item == nullptr ? missing : ""));
    data.set("error", optional_text(item == nullptr ? "" : item->error));
    TemplateList exchanges;
    TemplateList scores;
    if (item != nullptr) {
        for (std::size_t i = 0; i < item->exchanges.size(); ++i)
            exchanges.push_back(exchange_data(*item, i, with_prompts));
        for (const auto& [name, value] : item->scores) {
            TemplateData score("name", name);
            score.set("value", score_text(value));
            const auto explained = item->explanations.find(name);
            score.set("explanation", optional_text(explained == item->explanations.end() ? "" : explained->second));
            scores.push_back(score);
        }
    }
    data.set("any_scores", !scores.empty());
    data.set("exchanges", exchanges);
    data.set("scores", scores);
    return data;
}

/// The prompt that all runs got in all exchanges of a document; none when they differ.
const std::string* shared_prompt(const TaskGroup& group, std::uint64_t doc) {
    const std::string* prompt = nullptr;
    for (const Side& side : group.sides) {
        const data::ItemView* item = item_of(side, doc);
        if (item == nullptr) continue;
        for (const data::Exchange& exchange : item->exchanges) {
            if (prompt != nullptr && *prompt != exchange.prompt) return nullptr;
            prompt = &exchange.prompt;
        }
    }
    return prompt;
}

const data::ItemView& first_item(const TaskGroup& group, std::uint64_t doc) {
    for (const Side& side : group.sides) {
        const data::ItemView* item = item_of(side, doc);
        if (item != nullptr && !item->exchanges.empty()) return *item;
    }
    for (const Side& side : group.sides) {
        if (const data::ItemView* item = item_of(side, doc)) return *item;
    }
    throw std::logic_error("a document that no run shows");
}

/// The target as text; choices are marked instead.
std::string expected_text(const data::ItemView& item) {
    const bool choices = std::any_of(item.exchanges.begin(), item.exchanges.end(),
                                     [](const data::Exchange& exchange) { return exchange.kind == "choice"; });
    return choices ? "" : item.target;
}

struct Flags {
    bool differs = false;
    bool wrong = false;
    bool error = false;
};

Flags flags_of(const std::vector<Judged>& all) {
    Flags flags;
    const Judged* first = nullptr;
    for (const Judged& judged : all) {
        if (judged.verdict == Verdict::Missing) continue;
        if (first == nullptr) first = &judged;
        flags.differs = flags.differs || judged.verdict != first->verdict || judged.score != first->score;
        flags.wrong = flags.wrong || judged.verdict == Verdict::Wrong;
        flags.error = flags.error || judged.verdict == Verdict::Error;
    }
    return flags;
}

TemplateData filter_data(const std::string& group, const char* value, const char* label, std::size_t count) {
    TemplateData data("group", group);
    data.set("value", value);
    data.set("label", label);
    data.set("count", std::to_string(count));
    data.set("checked", std::string_view(value) == "all");
    return data;
}

/// Renders the documents of one task after the other with templates compiled once.
class Browser {
public:
    explicit Browser(const std::vector<data::RunView>& runs) : runs_(runs) {}

    std::string task(const TaskGroup& group, std::size_t index) {
        std::string documents;
        std::size_t differing = 0;
        std::size_t wrong = 0;
        std::size_t errors = 0;
        for (const std::uint64_t doc : group.shown) {
            std::vector<Judged> judged;
            for (const Side& side : group.sides) judged.push_back(judge(item_of(side, doc), group.metric));
            const Flags flags = flags_of(judged);
            differing += flags.differs ? 1 : 0;
            wrong += flags.wrong ? 1 : 0;
            errors += flags.error ? 1 : 0;
            documents += document(group, doc, judged, flags);
        }
        const std::string name = fmt::format("show{}", index);
        TemplateList filters = {filter_data(name, "all", "all", group.shown.size())};
        if (group.sides.size() > 1) filters.push_back(filter_data(name, "differs", "runs differ", differing));
        filters.push_back(filter_data(name, "wrong", "wrong", wrong));
        filters.push_back(filter_data(name, "error", "errors", errors));

        std::uint64_t items = 0;
        for (const Side& side : group.sides) items = std::max(items, side.task->items);
        std::string details = sections::task_details(*group.task);
        if (group.shown.size() < items) details += fmt::format(", the first {} shown", group.shown.size());
        if (group.metric != nullptr) details += ", right and wrong by " + group.metric->name;
        TemplateData data("task", group.task->task);
        data.set("details", details);
        data.set("filters", filters);
        data.set("documents", documents);
        return task_.fill(data);
    }

private:
    std::string document(const TaskGroup& group, std::uint64_t doc, const std::vector<Judged>& judged,
                         const Flags& flags) {
        const data::ItemView& item = first_item(group, doc);
        const std::string* prompt = shared_prompt(group, doc);
        TemplateList verdicts;
        TemplateList columns;
        for (std::size_t i = 0; i < group.sides.size(); ++i) {
            const Side& side = group.sides[i];
            verdicts.push_back(verdict_data(judged[i], runs_[side.run], side.run));
            columns.push_back(column_data(side, runs_[side.run], doc, prompt == nullptr));
        }
        std::string first = item.exchanges.empty() ? "" : item.exchanges.front().prompt;
        // A document that is scored whole stands in the answer.
        if (first.find_first_not_of(" \n\t") == std::string::npos && !item.exchanges.empty())
            first = item.exchanges.front().answer;
        std::string words;
        if (flags.differs) words += "differs ";
        if (flags.wrong) words += "wrong ";
        if (flags.error) words += "error ";
        TemplateData data("doc", std::to_string(doc));
        data.set("flags", words);
        data.set("question", question_of(first));
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

bool is_target(const data::ItemView& item, std::size_t index) {
    if (index >= item.exchanges.size() || item.exchanges[index].kind != "choice") return false;
    const char* at = item.target.data();
    const char* const end = at + item.target.size();
    while (at < end) {
        std::size_t listed = 0;
        const auto [after, error] = std::from_chars(at, end, listed);
        if (error != std::errc() || (after != end && *after != ',')) return false;
        if (listed == index) return true;
        at = after + 1;
    }
    return false;
}

std::string item_browser(const std::vector<data::RunView>& runs) {
    const std::vector<TaskGroup> groups = task_groups(runs);
    if (groups.empty()) return "";
    Browser browser(runs);
    std::string tasks;
    for (std::size_t i = 0; i < groups.size(); ++i) tasks += browser.task(groups[i], i);
    TemplateData data("tasks", tasks);
    data.set("several", runs.size() > 1);
    return PageTemplate("items.mustache").fill(data);
}

}  // namespace reports::formats
