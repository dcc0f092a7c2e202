#pragma once

#include <re2/re2.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "suites/fields.hpp"
#include "suites/transforms/registry.hpp"

namespace suites {

/// What stands in the place of an answer that could not be taken out of an output.
inline constexpr const char* kInvalid = "[invalid]";

/// One step of a filter. Exactly one of the members is set.
struct FilterStep {
    std::shared_ptr<const RE2> pattern;
    bool last = false;  ///< with `pattern`: the last match instead of the first
    Matcher matcher = nullptr;
    TextTransform transform = nullptr;
    std::size_t first = 0;  ///< keep this many samples
    bool vote = false;      ///< keep the most common answer, of equal ones the first seen
};

/// Takes answers out of the samples of one document, step by step. nullopt is a failed extraction; it stays one.
class Filter {
public:
    /// `fields` is the filter's object in the task file. Throws SuiteError.
    static Filter parse(const Fields& fields);

    const std::string& name() const { return name_; }
    std::vector<std::optional<std::string>> apply(const std::vector<std::string>& outputs) const;

private:
    std::string name_;
    std::vector<FilterStep> steps_;
};

}  // namespace suites
