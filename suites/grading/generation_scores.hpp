#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/task.hpp"

namespace suites::grading {

/// An output as it is graded: U+FFFD in place of bytes that are not UTF-8, cut at each stop string in their order.
std::string graded_text(std::string_view output, const std::vector<std::string>& until);

/// Scores and counters of a document of kind generate. Responses in the order of the item's requests: the samples, then
/// the task's `likelihoods`. Throws what `grader` throws.
GradedItem generation_scores(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
                             const Grader& grader);

/// 1 - C(n-c, k) / C(n, k): the chance that one of k samples, drawn from n of which c are correct, is correct. None
/// where there are fewer than k.
std::optional<double> pass_at_k(std::size_t samples, std::size_t correct, std::size_t k);

}  // namespace suites::grading
