#include "harness/interchange/labelled_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "harness/base/sha256.hpp"
#include "harness/interchange/error.hpp"
#include "harness/interchange/row_fields.hpp"
#include "suites/json_kind.hpp"

namespace harness::interchange {
namespace {

using scoring::LabelledAnswer;
using scoring::LabelledFile;
using scoring::LabelScale;
using suites::Row;
using Raters = std::vector<std::optional<std::size_t>>;

constexpr std::array kScales = {LabelScale::Refusal, LabelScale::Harm, LabelScale::Rating};
constexpr std::array kAnswerFields = {"answer", "completion", "output", "response", "text"};
constexpr std::array kLabelFields = {"label", "final_label"};
constexpr std::array kRaterPrefixes = {"rater_", "label_", "annotation_"};

/// The first of some fields that a row has; nullptr: none.
template <std::size_t N>
const char* first_of(const Row& row, const std::array<const char*, N>& fields) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const char* field) { return row.contains(field); });
    return found == fields.end() ? nullptr : *found;
}

/// Reads labels of one scale: that of the first label of the file.
class LabelReader {
public:
    std::size_t category(const Row& value, std::string_view field) {
        const std::string label = value.is_number_integer() ? suites::row_text(value) : text_in(value, field);
        if (!scale_) {
            for (const LabelScale scale : kScales) {
                if (!scale_ && scoring::category_from(scale, label)) scale_ = scale;
            }
            if (!scale_) {
                fail_field(field,
                           fmt::format("unknown label '{}'; known: full_compliance, partial_refusal, full_refusal, "
                                       "no_answer (and XSTest's numbered ones), safe, unsafe, 1 to 5",
                                       label));
            }
        }
        if (const auto category = scoring::category_from(*scale_, label)) return *category;
        fail_field(field, fmt::format("label '{}' is not of the scale of the labels before it; known: {}", label,
                                      fmt::join(scoring::categories_of(*scale_), ", ")));
    }
    /// None for null and empty cells.
    std::optional<std::size_t> category_or_none(const Row& value, std::string_view field) {
        if (value.is_null() || value == "") return std::nullopt;
        return category(value, field);
    }
    LabelScale scale() const { return scale_.value(); }

private:
    std::optional<LabelScale> scale_;
};

Raters raters_in(const Row& row, LabelReader& labels) {
    Raters raters;
    if (has_field(row, "labels")) {
        if (!row["labels"].is_array())
            fail_field("labels",
                       fmt::format("must be a list with one label a rater, not {}", suites::kind_of(row["labels"])));
        for (const Row& label : row["labels"])
            raters.push_back(labels.category_or_none(label, fmt::format("labels[{}]", raters.size())));
        return raters;
    }
    for (const char* prefix : kRaterPrefixes) {
        for (std::size_t number = 1; row.contains(fmt::format("{}{}", prefix, number)); ++number) {
            const std::string field = fmt::format("{}{}", prefix, number);
            raters.push_back(labels.category_or_none(row[field], field));
        }
        if (!raters.empty()) return raters;
    }
    return raters;
}

/// The mean of ratings, and the class with more raters than every other; none where there is no such class.
std::optional<double> consensus(const Raters& raters, LabelScale scale) {
    std::map<std::size_t, std::size_t> counts;
    double sum = 0;
    double rated = 0;
    for (const std::optional<std::size_t>& category : raters) {
        if (!category) continue;
        ++counts[*category];
        sum += static_cast<double>(*category);
        ++rated;
    }
    if (rated == 0) return std::nullopt;
    if (scale == LabelScale::Rating) return sum / rated;
    std::optional<std::size_t> best;
    bool is_tied = false;
    for (const auto& [category, count] : counts) {
        if (best && count < counts[*best]) continue;
        is_tied = best && count == counts[*best];
        best = category;
    }
    return is_tied ? std::nullopt : std::optional(static_cast<double>(*best));
}

LabelledAnswer answer_of(const Row& row, std::size_t number, LabelReader& labels) {
    LabelledAnswer answer{
        .id = std::to_string(number), .turns = conversation_in(row), .answer = {}, .label = {}, .raters = {}};
    const char* text = first_of(row, kAnswerFields);
    if (text == nullptr) fail_field(kAnswerFields.front(), "is missing");
    answer.answer = text_at(row, text);
    if (has_field(row, "id")) answer.id = row["id"].is_string() ? text_at(row, "id") : suites::row_text(row["id"]);
    answer.raters = raters_in(row, labels);
    const char* label = first_of(row, kLabelFields);
    if (label != nullptr && has_field(row, label)) {
        answer.label = static_cast<double>(labels.category(row[label], label));
    } else {
        const bool has_rater =
            std::any_of(answer.raters.begin(), answer.raters.end(), [](const auto& one) { return one.has_value(); });
        if (!has_rater) fail_field(kLabelFields.front(), "is missing, and no rater has one");
        answer.label = consensus(answer.raters, labels.scale());
    }
    return answer;
}

}  // namespace

LabelledFile parse_labelled_answers(std::string_view text, const std::string& path) {
    LabelledFile file{
        .name = std::filesystem::path(path).filename().string(), .hash = base::sha256_hex(text), .rows = {}};
    LabelReader labels;
    std::size_t number = 0;
    read_rows(text, path,
              [&](const Row& row, const std::string&) { file.rows.push_back(answer_of(row, ++number, labels)); });
    file.scale = labels.scale();
    for (const LabelledAnswer& row : file.rows) file.raters = std::max(file.raters, row.raters.size());
    for (LabelledAnswer& row : file.rows) row.raters.resize(file.raters);
    return file;
}

LabelledFile read_labelled_answers(const std::string& path) {
    return parse_labelled_answers(text_of_file(path), path);
}

}  // namespace harness::interchange
