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

/// The group of a match, in each sample.
struct PatternStep {
    enum class Take { First, Last };  ///< which of several matches
    std::shared_ptr<const RE2> pattern;
    Take take = Take::First;
};
/// Keeps this many samples.
struct FirstStep {
    std::size_t samples = 1;
};
/// Keeps the most common answer, of equally common ones the first seen.
struct VoteStep {};

using FilterStep = std::variant<PatternStep, transforms::Matcher, transforms::TextTransform, FirstStep, VoteStep>;

/// Takes answers out of the samples of one document, step by step.
struct Filter {
    std::string name;
    std::vector<FilterStep> steps;

    /// How many of so many samples are left after the last step.
    std::size_t samples_left(std::size_t samples) const;
};

/// `fields` is the filter's object in the task file. Throws SuiteError.
Filter parse_filter(const Fields& fields);

}  // namespace suites::definition
