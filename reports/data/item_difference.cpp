#include "reports/data/item_difference.hpp"

#include <algorithm>

namespace reports::data {
namespace {

template <class Has>
std::size_t items_with(const std::vector<ItemDifference>& items, const Has& has) {
    return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&has](const ItemDifference& item) {
        return std::any_of(item.requests.begin(), item.requests.end(), has);
    }));
}

}  // namespace

std::size_t TaskDifference::prompts() const {
    return items_with(items, [](const RequestDifference& request) { return request.prompt.has_value(); });
}
std::size_t TaskDifference::continuations() const {
    return items_with(items, [](const RequestDifference& request) { return request.continuation.has_value(); });
}
std::size_t TaskDifference::outputs() const {
    return items_with(items, [](const RequestDifference& request) { return request.output.has_value(); });
}
std::size_t TaskDifference::logprobs() const {
    return items_with(items, [](const RequestDifference& request) { return request.logprob.has_value(); });
}
std::size_t TaskDifference::verdicts() const {
    return changed_verdicts().size();
}

std::vector<std::uint64_t> TaskDifference::changed_verdicts() const {
    std::vector<std::uint64_t> docs;
    for (const ItemDifference& item : items) {
        if (!item.verdicts.empty()) docs.push_back(item.doc);
    }
    return docs;
}

bool RunDifference::identical() const {
    return only_first.empty() && only_second.empty() &&
           std::all_of(tasks.begin(), tasks.end(), [](const TaskDifference& task) {
               return task.items.empty() && task.only_first.empty() && task.only_second.empty();
           });
}

}  // namespace reports::data
