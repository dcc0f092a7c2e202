#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::scoring {

/// A task with written answers that two runs have.
struct SharedTask {
    store::RunTaskRow a;
    store::RunTaskRow b;
};

/// In the order of run a. Throws UsageError when there is none.
std::vector<SharedTask> shared_tasks(const store::RunStore& runs, const store::RunRow& a, const store::RunRow& b);

/// Documents that both runs have stored, ascending.
std::vector<std::uint64_t> shared_docs(const store::RunStore& runs, const SharedTask& task);

/// Positions of two answers of one document: sample i of a and sample i of b.
struct AnswerPositions {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
};
/// Empty where the documents differ or one has no answer.
std::vector<AnswerPositions> paired_answers(const store::ItemRow& a, const store::ItemRow& b);

}  // namespace harness::scoring
