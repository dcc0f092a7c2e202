#pragma once

#include <re2/re2.h>
#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "suites/definition/fields.hpp"
#include "suites/transforms/registry.hpp"

namespace suites::definition {

/// Replaces each sample by the group of a match.
struct PatternStep {
    enum class Take { First, Last };  ///< which match when there are several
    std::shared_ptr<const RE2> pattern;
    Take take = Take::First;
};
/// Keeps the first samples.
struct FirstStep {
    std::size_t samples = 1;
};
/// Keeps the most common answer; on ties, the first one.
struct VoteStep {};

using FilterStep = std::variant<PatternStep, transforms::Matcher, transforms::TextTransform, FirstStep, VoteStep>;

/// Extracts answers from the samples of one document, step by step.
struct Filter {
    std::string name;
    std::vector<FilterStep> steps;

    /// Number of samples left after the last step.
    std::size_t samples_left(std::size_t samples) const;
};

/// `fields` is the filter's object in the task file. Throws SuiteError.
Filter parse_filter(const Fields& fields);

}  // namespace suites::definition
