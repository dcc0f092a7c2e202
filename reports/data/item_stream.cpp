#include "reports/data/item_stream.hpp"

#include <algorithm>

namespace reports::data {

void DifferenceCounts::add(const ItemDifference& item) {
    const auto has = [&item](const auto& differs) {
        return std::any_of(item.requests.begin(), item.requests.end(), differs) ? 1U : 0U;
    };
    ++items;
    prompts += has([](const RequestDifference& request) { return request.prompt.has_value(); });
    continuations += has([](const RequestDifference& request) { return request.continuation.has_value(); });
    outputs += has([](const RequestDifference& request) { return request.output.has_value(); });
    logprobs += has([](const RequestDifference& request) { return request.logprob.has_value(); });
    verdicts += item.verdicts.empty() ? 0 : 1;
}

bool ItemStream::is_empty() const {
    return std::all_of(counts.begin(), counts.end(), [](const DifferenceCounts& count) { return count.items == 0; });
}

ItemStream items_of(const RunDifference& difference) {
    ItemStream stream;
    for (const TaskDifference& task : difference.tasks) {
        DifferenceCounts& counts = stream.counts.emplace_back();
        for (const ItemDifference& item : task.items) counts.add(item);
    }
    stream.items = [&difference](std::size_t task, const ItemStream::Use& use) {
        for (const ItemDifference& item : difference.tasks.at(task).items) use(item);
    };
    return stream;
}

}  // namespace reports::data
