#pragma once

#include <string>
#include <vector>

namespace reports::data {

/// Terms that bind those who use the models of some runs and their outputs. A report shows them once.
struct Terms {
    std::string notice;              ///< fixed words, shown unchanged
    std::vector<std::string> rules;  ///< what follows for a reader, a sentence each
    std::vector<std::string> runs;  ///< the runs, each with the reason: "my-model (run 3): general.license is 'llama2'"
};

}  // namespace reports::data
