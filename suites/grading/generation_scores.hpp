#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/task.hpp"

namespace suites::grading {

/// The text of an output that is graded: invalid UTF-8 bytes replaced by U+FFFD, then cut at each stop string in order.
std::string graded_text(std::string_view output, const std::vector<std::string>& until);

/// Scores and counters of a document of kind generate. `responses` in the order of the item's requests: the samples,
/// then the task's `likelihoods`. Throws what `grader` throws.
GradedItem generation_scores(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
                             const Grader& grader);

/// 1 - C(n-c, k) / C(n, k): probability that at least one of k samples, chosen from n samples of which c are correct,
/// is correct. nullopt when n < k.
std::optional<double> pass_at_k(std::size_t samples, std::size_t correct, std::size_t k);

}  // namespace suites::grading
