#pragma once

#include <vector>

#include "suites/task.hpp"

namespace suites {

/// Scores and counters of a document of kind generate. Responses in the order of the item's requests: the samples, then
/// the task's `likelihoods`. `explanations`: see Task::grade.
Scores grade_generation(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
                        const Graders& graders, Explanations* explanations = nullptr);

/// 1 - C(n-c, k) / C(n, k): the chance that one of k samples, drawn from n of which c are right, is right.
double pass_at_k(std::size_t samples, std::size_t correct, std::size_t k);

}  // namespace suites
