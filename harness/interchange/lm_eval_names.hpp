#pragma once

#include <string>

namespace harness::interchange {

/// The name of one of our tasks in lm-evaluation-harness 0.4.9, and the reverse. Most have the same name in both.
std::string lm_eval_task(const std::string& task);
std::string task_of_lm_eval(const std::string& theirs);

/// The same for a metric of one of our tasks, with its filter ("exact_match,strict-match"), and the reverse.
std::string lm_eval_metric(const std::string& task, const std::string& metric);
std::string metric_of_lm_eval(const std::string& task, const std::string& theirs);

}  // namespace harness::interchange
