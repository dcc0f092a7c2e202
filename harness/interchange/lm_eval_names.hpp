#pragma once

#include <string>

namespace harness::interchange {

/// What lm-evaluation-harness 0.4.9 calls a task of ours, and the other way round. Most have one name in both.
std::string lm_eval_task(const std::string& task);
std::string task_of_lm_eval(const std::string& theirs);

/// A metric of a task of ours, both with its filter ("exact_match,strict-match"), and the other way round.
std::string lm_eval_metric(const std::string& task, const std::string& metric);
std::string metric_of_lm_eval(const std::string& task, const std::string& theirs);

}  // namespace harness::interchange
