#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/store/study_rows.hpp"
#include "harness/study/definition.hpp"

namespace harness::study {

/// A prompt with what the runs answered.
struct SourcePrompt {
    std::vector<Turn> turns;
    std::string category;  ///< stratum
    /// [run][sample]: the answers of each run of the definition, in its order; empty where it has none.
    std::vector<std::vector<store::StudyAnswerRow>> answers;
};

/// Prompts of a stratum.
struct Stratum {
    std::size_t available = 0;
    std::size_t sampled = 0;
};

/// A study before it is stored.
struct BuiltStudy {
    store::StudyRow study;
    std::vector<store::StudyItemRow> items;
    std::map<std::string, Stratum> strata;
    std::size_t unanswered = 0;  ///< prompts that not all runs answered, and are left out
    std::size_t scrubbed = 0;    ///< answers with passages taken out
};

/// Freezes a study: samples prompts by stratum, in proportion to their number (largest remainders), and makes an item
/// of every answer (safety), or of every pair of runs. The same definition and answers give the same items and hash, in
/// whatever order the prompts come. `definition.runs` are plan hashes. Throws base::UsageError when nothing is left to
/// rate, or fewer prompts than asked for.
BuiltStudy build_study(const Definition& definition, std::vector<SourcePrompt> prompts, store::UnixMs opened);

/// SHA-256 (hex) of the turns: the prompt that ratings are clustered by.
std::string prompt_hash(const std::vector<Turn>& turns);

}  // namespace harness::study
