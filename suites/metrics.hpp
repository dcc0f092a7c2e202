#pragma once

#include <string>
#include <vector>

#include "suites/fields.hpp"
#include "suites/task.hpp"

namespace suites {

/// How one document's answers become a score. Choice rules first, then those of generations.
enum class Rule {
    Best,            ///< `acc`: the largest log-probability is a right one
    BestPerPoint,    ///< `acc_norm`: divided by code points
    BestPerByte,     ///< `acc_bytes`: divided by bytes of UTF-8
    BestCalibrated,  ///< `acc_calibrated`: less the log-probability after the calibration text
    RightShare,      ///< `mc2`: probability of the right ones over that of all
    Greedy,          ///< `acc` of a continuation: each token was the likeliest
    LogProbability,  ///< `perplexity` of a continuation: exp of minus the mean
    Rolling,         ///< perplexities of whole documents
    ExactMatch,      ///< `exact_match`, after the task's `ignore` rules
    SquadExact,      ///< `exact`: after SQuAD's normalisation
    SquadF1,         ///< `f1`: of words, after SQuAD's normalisation
    QuacF1,          ///< `quac_f1`: each reference left out in turn; unscored where people agree below 0.4
    SquadBest,  ///< `best_exact`, `best_f1`: at the threshold of the unanswerable's probability that is best for all
    Overlap,    ///< `bleu_max` and the like: over right and wrong references, the best of each
    Graded,     ///< by the task's grader
    PassAtK,    ///< `pass@K`: 1 - C(n-c, K) / C(n, K) over the samples
};

/// Of which documents a generation's metric is.
enum class Scope { All, Answerable, Unanswerable };

struct Metric {
    std::string name;    ///< with the filter, "exact_match,strict-match"
    std::string filter;  ///< empty: the output as it is
    Rule rule = Rule::Best;
    Scope scope = Scope::All;
    std::size_t samples = 1;  ///< K of pass@K
};

/// Reads `metrics` of a task whose other fields are read. Throws SuiteError.
void read_metrics(const Fields& fields, Task::Definition& task);

}  // namespace suites
