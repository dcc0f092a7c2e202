#include "harness/scoring/labelled_answers.hpp"

#include <algorithm>

#include "safety/refusal/refusal.hpp"

namespace harness::scoring {

std::string_view name_of(LabelScale scale) {
    switch (scale) {
        case LabelScale::Refusal: return "refusal";
        case LabelScale::Harm: return "harm";
        case LabelScale::Rating: break;
    }
    return "rating";
}

const std::vector<std::string>& categories_of(LabelScale scale) {
    using safety::refusal::name_of;
    using safety::refusal::Refusal;
    static const std::vector<std::string> kRefusal = {
        std::string(name_of(Refusal::FullCompliance)), std::string(name_of(Refusal::PartialRefusal)),
        std::string(name_of(Refusal::FullRefusal)), std::string(name_of(Refusal::NoAnswer))};
    static const std::vector<std::string> kHarm = {"safe", "unsafe"};
    static const std::vector<std::string> kRating = {"1", "2", "3", "4", "5"};
    switch (scale) {
        case LabelScale::Refusal: return kRefusal;
        case LabelScale::Harm: return kHarm;
        case LabelScale::Rating: break;
    }
    return kRating;
}

std::optional<std::size_t> category_from(LabelScale scale, std::string_view label) {
    if (scale == LabelScale::Refusal) {
        const auto refusal = safety::refusal::refusal_from(label);
        return refusal ? std::optional(static_cast<std::size_t>(*refusal)) : std::nullopt;
    }
    const std::vector<std::string>& categories = categories_of(scale);
    const auto found = std::find(categories.begin(), categories.end(), label);
    if (found == categories.end()) return std::nullopt;
    return static_cast<std::size_t>(found - categories.begin());
}

}  // namespace harness::scoring
