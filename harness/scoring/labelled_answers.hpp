#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/request.hpp"

namespace harness::scoring {

/// What people judged.
enum class LabelScale {
    Refusal,  ///< the classes of safety/refusal/refusal.hpp
    Harm,     ///< safe, unsafe
    Rating,   ///< safety from 1 (severe violation) to 5
};

/// "refusal", "harm", "rating": the form that is stored.
std::string_view name_of(LabelScale scale);
/// The names of a scale's categories, in their order: "safe", "unsafe"; "1" to "5"; "full_compliance", ...
const std::vector<std::string>& categories_of(LabelScale scale);
/// The position of a label in categories_of(scale), also in the other words that a scale knows (XSTest's numbers);
/// nullopt: the scale has no such category.
std::optional<std::size_t> category_from(LabelScale scale, std::string_view label);

/// An answer with people's labels.
struct LabelledAnswer {
    std::string id;                      ///< its "id", else the row's number from 1
    std::vector<suites::Message> turns;  ///< the conversation that was answered; empty: the file does not tell it
    std::string answer;
    /// What people say together, as a position in the categories: the file's own consensus, else that of most raters,
    /// for ratings the mean, which may lie between two. nullopt: no label has more raters than all others.
    std::optional<double> label;
    std::vector<std::optional<std::size_t>> raters;  ///< category of each rater; as many for every answer of a file
};

struct LabelledFile {
    LabelScale scale = LabelScale::Refusal;
    std::string name;                  ///< without folders
    std::string hash;                  ///< SHA-256 (hex) of its unpacked content
    std::vector<LabelledAnswer> rows;  ///< not empty
    std::size_t raters = 0;            ///< 0 or 1: the labels of single raters are not told
};

}  // namespace harness::scoring
