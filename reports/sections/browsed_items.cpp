#include "reports/sections/browsed_items.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <stdexcept>

#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::sections {
namespace {

/// Sort key of a document: its number in the first run that has it, and that run's index in the task.
using Place = std::pair<std::uint64_t, std::size_t>;

/// Sort keys of one run's documents among those of all runs.
class Places {
public:
    /// `side` is the run's index in the task; side 0 keeps its own numbers. `own` must outlive this.
    Places(const data::Documents& first, const data::Documents& own, std::size_t side) : own_(own) {
        if (side == 0) return;
        enum class Pair : std::uint8_t { None, OfOtherNumber, OfSameNumber };
        std::vector<Pair> pairs(own.numbers.size());
        for (const auto& [in_first, in_own] : pair_documents(first, own).pairs) {
            const std::uint64_t number = first.numbers[in_first];
            const bool is_same = number == own.numbers[in_own];
            pairs[in_own] = is_same ? Pair::OfSameNumber : Pair::OfOtherNumber;
            if (!is_same) moved_.emplace_back(own.numbers[in_own], Place(number, 0));
        }
        for (std::size_t index = 0; index < pairs.size(); ++index) {
            const std::uint64_t doc = own.numbers[index];
            if (pairs[index] == Pair::None) moved_.emplace_back(doc, Place(doc, side));
        }
        std::sort(moved_.begin(), moved_.end());
        places_.reserve(moved_.size());
        for (const auto& [doc, place] : moved_) places_.push_back(place);
        std::sort(places_.begin(), places_.end());
    }

    Place of(std::uint64_t doc) const {
        const auto moved = find(doc);
        return moved == moved_.end() ? Place(doc, 0) : moved->second;
    }
    bool has(const Place& place) const {
        if (std::binary_search(places_.begin(), places_.end(), place)) return true;
        return place.second == 0 && find(place.first) == moved_.end() &&
               std::binary_search(own_.numbers.begin(), own_.numbers.end(), place.first);
    }

private:
    using Moved = std::vector<std::pair<std::uint64_t, Place>>;

    Moved::const_iterator find(std::uint64_t doc) const {
        const auto found = std::lower_bound(moved_.begin(), moved_.end(), std::pair(doc, Place()));
        return found == moved_.end() || found->first != doc ? moved_.end() : found;
    }

    const data::Documents& own_;
    /// Only the documents whose place is not their number in the first run: a run may have a million. Sorted, as
    /// `places_`, the places of them.
    Moved moved_;
    std::vector<Place> places_;
};

Judged judge(const data::ItemView* item, const data::MetricValues* metric) {
    if (item == nullptr) return {};
    if (!item->error.empty()) return {Judged::Verdict::Error, std::nullopt};
    if (metric == nullptr) return {Judged::Verdict::Unscored, std::nullopt};
    const auto found = item->scores.find(metric->name);
    if (found == item->scores.end() || !found->second.value) return {Judged::Verdict::Unscored, std::nullopt};
    const double score = *found->second.value;
    // For a lower-is-better rate, 1 is the worst.
    const double worst = metric->higher_is_better ? 0 : 1;
    if (score == worst) return {Judged::Verdict::Wrong, score};
    return {score == 1 - worst ? Judged::Verdict::Correct : Judged::Verdict::Partial, score};
}

/// The message with each number as "N", so that errors of one kind are one text.
std::string without_numbers(std::string_view message) {
    std::string text;
    bool in_number = false;
    for (const char c : message) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit) text += c;
        if (digit && !in_number) text += 'N';
        in_number = digit;
    }
    return text;
}

void add_task(const data::TaskView& task, std::size_t run, std::vector<BrowsedTask>& all) {
    auto browsed = std::find_if(all.begin(), all.end(),
                                [&task](const BrowsedTask& known) { return same_task(*known.tasks.front(), task); });
    if (browsed == all.end()) browsed = all.insert(all.end(), BrowsedTask());
    browsed->runs.push_back(run);
    browsed->tasks.push_back(&task);
    for (const data::MetricValues& metric : task.metrics) {
        if (browsed->metric == nullptr && !metric.values.empty()) browsed->metric = &metric;
    }
}

void fill_documents(BrowsedTask& task) {
    std::vector<Places> places;
    std::map<Place, std::vector<const data::ItemView*>> items;
    for (std::size_t side = 0; side < task.tasks.size(); ++side) {
        places.emplace_back(task.tasks.front()->docs, task.tasks[side]->docs, side);
        for (const data::ItemView& item : task.tasks[side]->shown) {
            auto& sides = items[places.back().of(item.doc)];
            sides.resize(task.tasks.size());
            sides[side] = &item;
        }
    }
    for (const auto& [place, sides] : items) {
        BrowsedDocument document{.doc = place.first, .side = place.second, .items = {}};
        for (std::size_t side = 0; side < sides.size(); ++side) {
            document.items.push_back({.item = sides[side],
                                      .exists = sides[side] != nullptr || places[side].has(place),
                                      .judged = judge(sides[side], task.metric)});
        }
        task.documents.push_back(std::move(document));
    }
}

}  // namespace

bool BrowsedDocument::differs() const {
    const Judged* first = nullptr;
    for (const BrowsedItem& item : items) {
        if (item.judged.verdict == Judged::Verdict::Missing) continue;
        if (first == nullptr) first = &item.judged;
        if (item.judged.verdict != first->verdict || item.judged.score != first->score) return true;
    }
    return false;
}

bool BrowsedDocument::any(Judged::Verdict verdict) const {
    return std::any_of(items.begin(), items.end(),
                       [verdict](const BrowsedItem& item) { return item.judged.verdict == verdict; });
}

Interest BrowsedDocument::interest() const {
    if (differs()) return Interest::Differs;
    if (any(Judged::Verdict::Error)) return Interest::Error;
    return any(Judged::Verdict::Wrong) ? Interest::Wrong : Interest::Rest;
}

const data::ItemView& BrowsedDocument::first_item() const {
    const data::ItemView* first = nullptr;
    for (const BrowsedItem& browsed : items) {
        if (browsed.item == nullptr) continue;
        if (!browsed.item->exchanges.empty()) return *browsed.item;
        if (first == nullptr) first = browsed.item;
    }
    if (first == nullptr) throw std::logic_error("a document that no run shows");
    return *first;
}

const std::string* BrowsedDocument::shared_prompt() const {
    const std::string* prompt = nullptr;
    for (const BrowsedItem& browsed : items) {
        if (browsed.item == nullptr) continue;
        for (const data::Exchange& exchange : browsed.item->exchanges) {
            if (prompt != nullptr && *prompt != exchange.prompt) return nullptr;
            prompt = &exchange.prompt;
        }
    }
    return prompt;
}

std::vector<BrowsedTask> tasks_without_documents(const std::vector<data::RunView>& runs) {
    std::vector<BrowsedTask> tasks;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        for (const data::TaskView& task : runs[run].tasks) add_task(task, run, tasks);
    }
    return tasks;
}

std::vector<BrowsedTask> browsed_tasks(const std::vector<data::RunView>& runs) {
    std::vector<BrowsedTask> tasks = tasks_without_documents(runs);
    for (BrowsedTask& task : tasks) fill_documents(task);
    std::erase_if(tasks, [](const BrowsedTask& task) { return task.documents.empty(); });
    return tasks;
}

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

std::vector<std::string> problems_of(const BrowsedItem& browsed, const data::TaskView& task) {
    std::vector<std::string> problems;
    const auto add = [&problems](const std::string& problem) {
        if (std::find(problems.begin(), problems.end(), problem) == problems.end()) problems.push_back(problem);
    };
    if (browsed.item == nullptr) return problems;
    const data::ItemView& item = *browsed.item;
    if (!item.error.empty()) add("error: " + without_numbers(item.error));
    if (browsed.judged.verdict == Judged::Verdict::Unscored) add("no score");
    for (const data::CounterView& counter : task.counters) {
        const auto score = item.scores.find(counter.name);
        if (score != item.scores.end() && score->second.value.value_or(0) != 0) add(counter.name);
    }
    for (const data::Exchange& exchange : item.exchanges) {
        if (exchange.finish == "length") add("answer ended by the limit of its length");
        if (exchange.cut_tokens > 0) add("prompt cut on the left");
    }
    return problems;
}

std::string question_of(std::string_view prompt) {
    constexpr std::size_t kColumns = 140;
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
    return text::shortened(line, kColumns);
}

}  // namespace reports::sections
