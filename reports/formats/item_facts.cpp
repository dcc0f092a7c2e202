#include "reports/formats/item_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/sections/cells.hpp"

namespace reports::formats {
namespace {

bool is_choice(const data::Exchange& exchange) {
    return exchange.kind == "choice";
}

}  // namespace

std::string finish_text(const std::string& finish) {
    if (finish == "eos") return "ended by itself";
    if (finish == "stop") return "ended at a stop string";
    if (finish == "length") return "ended by the limit of its length";
    return finish;
}

std::string cut_text(std::uint64_t tokens) {
    return tokens == 0 ? "" : fmt::format("{} cut off the left of this prompt", sections::counted(tokens, "token"));
}

bool is_most_likely(const data::ItemView& item, std::size_t index) {
    const auto is_less_likely = [](const data::Exchange& a, const data::Exchange& b) {
        return a.logprob.value_or(-INFINITY) < b.logprob.value_or(-INFINITY);
    };
    if (item.exchanges.size() < 2 || !is_choice(item.exchanges[index])) return false;
    const auto best = std::max_element(item.exchanges.begin(), item.exchanges.end(), is_less_likely);
    return static_cast<std::size_t>(best - item.exchanges.begin()) == index;
}

std::string expected_text(const data::ItemView& item) {
    return std::any_of(item.exchanges.begin(), item.exchanges.end(), is_choice) ? "" : item.target;
}

std::string question_text(const data::ItemView& item) {
    if (item.exchanges.empty()) return "";
    const data::Exchange& first = item.exchanges.front();
    const bool blank = first.prompt.find_first_not_of(" \n\t") == std::string::npos;
    return sections::question_of(blank ? first.answer : first.prompt);
}

std::string score_text(const data::ItemScore& score) {
    return score.value ? fmt::format("{:.6g}", *score.value) : "unscored";
}

std::string task_text(const sections::BrowsedTask& task) {
    std::uint64_t items = 0;
    for (const data::TaskView* view : task.tasks) items = std::max(items, view->items);
    std::string details = sections::task_details(*task.tasks.front());
    if (task.documents.size() < items) details += fmt::format(", {} here", task.documents.size());
    if (task.metric != nullptr) details += ", correct and wrong by " + task.metric->name;
    return details;
}

}  // namespace reports::formats
