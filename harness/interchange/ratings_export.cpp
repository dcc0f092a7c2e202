#include "harness/interchange/ratings_export.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/interchange/error.hpp"
#include "harness/interchange/rating_rows.hpp"
#include "harness/interchange/rating_tools.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"
#include "reports/text/csv.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using store::Rating;
using store::StudyItemRow;
using store::StudyRow;

using Write = std::function<void(std::string_view)>;

std::string line_of(const ordered_json& row) {
    return base::ordered_json_text(row) + "\n";
}

/// Values that are no text are as in JSON; what is absent is empty.
std::string cell_of(const ordered_json& value) {
    if (value.is_null()) return "";
    return reports::text::csv_text(value.is_string() ? value.get<std::string>() : base::ordered_json_text(value));
}

std::string table_line(const ordered_json& row) {
    std::vector<std::string> cells;
    for (const auto& [name, value] : row.items()) cells.push_back(cell_of(value));
    return reports::text::csv_line(cells);
}

/// The rated pairs of a study of either kind of comparison.
std::vector<store::PreferenceRating> pairs_of(const store::Database& database, const StudyRow& study,
                                              const std::vector<StudyItemRow>& items) {
    if (study.protocol != "preference" && study.protocol != "pairwise")
        throw InterchangeError(fmt::format("study '{}' is of protocol {}: it compares no answers, so it has no pairs",
                                           study.name, study.protocol));
    std::vector<store::PreferenceRating> pairs;
    for (const Rating& rating : store::ratings(database, study)) {
        if (auto pair = store::preference_of(study, items.at(rating.item), rating)) pairs.push_back(std::move(*pair));
    }
    return pairs;
}

/// "\n\nHuman: ...\n\nAssistant: ..."; a system prompt has no mark there, and is left out.
std::string dialogue(const ordered_json& turns, const std::string& answer) {
    std::string text;
    for (const ordered_json& turn : turns) {
        if (turn["role"] == "system") continue;
        text += (turn["role"] == "user" ? "\n\nHuman: " : "\n\nAssistant: ") + turn["content"].get<std::string>();
    }
    return text + "\n\nAssistant: " + answer;
}

ordered_json pair_row(const store::PreferenceRating& pair, RatingFormat format) {
    const ordered_json turns = base::ordered_json_or_null(pair.turns_json);
    if (format == RatingFormat::Hh)
        return {{"chosen", dialogue(turns, pair.chosen)}, {"rejected", dialogue(turns, pair.rejected)}};
    if (format == RatingFormat::Dpo) {
        const auto answer = [](const std::string& text) {
            return ordered_json::array({{{"role", "assistant"}, {"content", text}}});
        };
        return {{"prompt", turns}, {"chosen", answer(pair.chosen)}, {"rejected", answer(pair.rejected)}};
    }
    ordered_json row = {{"turns", turns}, {"chosen", pair.chosen}, {"rejected", pair.rejected}};
    row["strength"] = pair.strength;
    if (pair.bin != "unknown") row["bin"] = pair.bin;
    row["study"] = pair.study;
    row["item"] = pair.item;
    row["rater"] = pair.rater;
    return row;
}

std::uint64_t export_pairs(const std::vector<store::PreferenceRating>& pairs, RatingFormat format, const Write& write) {
    std::uint64_t rows = 0;
    for (const store::PreferenceRating& pair : pairs) {
        if (pair.chosen == pair.rejected) continue;  // a preference between equal texts teaches nothing
        write(line_of(pair_row(pair, format)));
        ++rows;
    }
    return rows;
}

std::uint64_t export_rows(const RatedItems& items, const StudyRow& study, RatingFormat format, const Write& write) {
    const bool is_table = format == RatingFormat::Csv;
    if (is_table) write(table_line(ordered_json(rating_fields())));
    std::uint64_t rows = 0;
    const auto add = [&](const RatingRow& row) {
        write(is_table ? table_line(to_json(row)) : line_of(to_json(row)));
        ++rows;
    };
    for (const auto& [item, ratings] : items) {
        for (const Rating& rating : ratings) add({.study = study, .item = item, .rating = rating});
        if (ratings.empty()) add({.study = study, .item = item});
    }
    return rows;
}

}  // namespace

std::uint64_t export_ratings(const store::Database& database, const StudyRow& study, RatingFormat format,
                             const Write& write) {
    const store::ReadTransaction one_moment(database);
    const std::vector<StudyItemRow> rows = store::StudyStore(database).items(study.id);
    if (format == RatingFormat::Pairs || format == RatingFormat::Hh || format == RatingFormat::Dpo)
        return export_pairs(pairs_of(database, study, rows), format, write);
    RatedItems items;
    for (const StudyItemRow& item : rows) items.push_back({item, {}});
    for (Rating& rating : store::ratings(database, study)) items.at(rating.item).second.push_back(std::move(rating));
    switch (format) {
        case RatingFormat::Argilla: return export_argilla(items, study, write);
        case RatingFormat::LabelStudio: return export_label_studio(items, study, write);
        default: return export_rows(items, study, format, write);
    }
}

}  // namespace harness::interchange
