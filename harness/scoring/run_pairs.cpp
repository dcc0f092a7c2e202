#include "harness/scoring/run_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/base/usage_error.hpp"

namespace harness::scoring {
namespace {

std::vector<std::uint64_t> answer_positions(const store::ItemRow& item) {
    std::vector<std::uint64_t> positions;
    for (std::size_t i = 0; i < item.requests.size(); ++i) {
        if (item.error.empty() && item.requests[i].kind == "generate") positions.push_back(i);
    }
    return positions;
}

}  // namespace

std::vector<SharedTask> shared_tasks(const store::RunStore& runs, const store::RunRow& a, const store::RunRow& b) {
    std::vector<SharedTask> shared;
    const std::vector<store::RunTaskRow> others = runs.tasks(b.id);
    for (const store::RunTaskRow& task : runs.tasks(a.id)) {
        const auto other = std::find_if(others.begin(), others.end(), [&](const store::RunTaskRow& one) {
            return one.task == task.task && one.version == task.version;
        });
        if (task.kind == "generate" && other != others.end() && other->kind == "generate")
            shared.push_back({task, *other});
    }
    if (shared.empty())
        throw base::UsageError(fmt::format("runs {} and {} have no task with written answers in common", a.id, b.id));
    return shared;
}

std::vector<std::uint64_t> shared_docs(const store::RunStore& runs, const SharedTask& task) {
    const std::vector<std::uint64_t> a = runs.finished_docs(task.a.id);
    const std::vector<std::uint64_t> b = runs.finished_docs(task.b.id);
    std::vector<std::uint64_t> shared;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(shared));
    return shared;
}

std::vector<AnswerPositions> paired_answers(const store::ItemRow& a, const store::ItemRow& b) {
    if (a.document_json != b.document_json) return {};
    const std::vector<std::uint64_t> of_a = answer_positions(a);
    const std::vector<std::uint64_t> of_b = answer_positions(b);
    std::vector<AnswerPositions> pairs;
    for (std::size_t i = 0; i < std::min(of_a.size(), of_b.size()); ++i) pairs.push_back({of_a[i], of_b[i]});
    return pairs;
}

}  // namespace harness::scoring
