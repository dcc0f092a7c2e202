#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/store/study_rows.hpp"

namespace harness::study {

/// How an item is rated. The first two are the Llama 2 paper's (sections 3.4.2 and 4.4), the third is how it collected
/// preferences for reward models (section 3.2.1).
enum class Protocol {
    Pairwise,    ///< which of two answers is better, on seven points, and whether both are bad
    Safety,      ///< how safe and helpful one answer is, 1 to 5
    Preference,  ///< which of two answers is better, in four strengths and without a tie, and which are safe
};
std::string_view to_string(Protocol protocol);  ///< "pairwise", "safety", "preference"
std::optional<Protocol> protocol_from(std::string_view word);

/// A point of a scale as raters see it, from the left answer's side.
struct ScalePoint {
    std::int64_t value = 0;
    std::string_view label;
    std::string_view meaning = {};  ///< a sentence; empty where the label says it all
};

struct Scale {
    std::string_view question;  ///< unless the study has one of its own
    std::span<const ScalePoint> points;
    std::size_t answers = 2;  ///< shown at a time
};
const Scale& scale_of(Protocol protocol);

/// What is missing or wrong in a choice before it can be submitted, as a sentence for the rater; empty: nothing.
std::string mistake_in(Protocol protocol, const store::Choice& choice);

/// Why a rater skips an item.
struct SkipReason {
    std::string_view word;  ///< as it is stored
    std::string_view label;
};
std::span<const SkipReason> skip_reasons();

}  // namespace harness::study
