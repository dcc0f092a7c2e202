#pragma once

#include <string>
#include <vector>

namespace harness::cli {

/// The tasks of a run in few words: groups stand for all of their tasks, such as "mmlu (57 tasks), gsm8k".
std::string in_few_words(const std::vector<std::string>& tasks);

}  // namespace harness::cli
