#pragma once

#include <optional>
#include <vector>

#include "suites/task.hpp"

namespace suites::grading {

/// Scores and counters of a document of kind generate. Responses in the order of the item's requests: the samples, then
/// the task's `likelihoods`. Throws what `grader` throws.
GradedItem generation_scores(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
                             const Grader& grader);

/// 1 - C(n-c, k) / C(n, k): the chance that one of k samples, drawn from n of which c are correct, is correct. None
/// where there are fewer than k.
std::optional<double> pass_at_k(std::size_t samples, std::size_t correct, std::size_t k);

}  // namespace suites::grading
