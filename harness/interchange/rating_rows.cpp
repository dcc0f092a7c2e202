#include "harness/interchange/rating_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/interchange/rating_tools_import.hpp"
#include "harness/interchange/row_reader.hpp"
#include "reports/text/csv.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using store::Rating;
using store::RatingStanding;
using store::StudyAnswerRow;
using suites::Row;

constexpr std::size_t kFileDigits = 8;
constexpr std::array<const char*, 2> kSlots = {"first", "second"};

/// A protocol of studies: its lowest and highest value, and the number of answers of an item.
struct Protocol {
    std::string_view name;
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::size_t answers = 1;
};
constexpr std::array<Protocol, 5> kProtocols = {
    {{"harm", 0, 2, 1}, {"pairwise", 1, 7, 2}, {"preference", 1, 8, 2}, {"refusal", 0, 3, 1}, {"safety", 1, 5, 1}}};

const Protocol& protocol_named(std::string_view name) {
    std::vector<std::string_view> known;
    for (const Protocol& protocol : kProtocols) {
        if (protocol.name == name) return protocol;
        known.push_back(protocol.name);
    }
    fail_field("protocol", fmt::format("unknown word; known: {}", fmt::join(known, ", ")));
}

template <class Value>
ordered_json or_null(const std::optional<Value>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

/// All fields of an answer; null where the item has none in this slot.
void add_answer(ordered_json& row, const std::string& slot, const StudyAnswerRow* given) {
    static const StudyAnswerRow kNone;
    const StudyAnswerRow& answer = given == nullptr ? kNone : *given;
    const auto set = [&](const char* field, ordered_json value) {
        row[slot + "_" + field] = given == nullptr ? ordered_json() : std::move(value);
    };
    const bool is_text = suites::is_utf8(answer.text);
    const bool is_changed = answer.shown.has_value();
    set("variant", answer.variant);
    set("run", answer.run);
    set("task", answer.task);
    set("doc", answer.doc);
    set("position", answer.position);
    set("text", is_text ? ordered_json(answer.text) : ordered_json());
    set("text_base64", is_text ? ordered_json() : ordered_json(base::to_base64(answer.text)));
    // What raters saw where that was not the text itself.
    set("shown_base64", is_changed ? ordered_json(base::to_base64(*answer.shown)) : ordered_json());
    set("changes", is_changed ? ordered_json(answer.changes_json) : ordered_json());
}

/// All fields of a rating; null where nobody rated the item.
void add_rating(ordered_json& row, const std::optional<Rating>& given) {
    static const Rating kNone;
    const Rating& rating = given ? *given : kNone;
    const auto set = [&](const char* field, ordered_json value) {
        row[field] = given ? std::move(value) : ordered_json();
    };
    set("rater", rating.rater);
    set("assignment", rating.assignment);
    set("first_left", rating.first_left);
    set("shown_value", rating.shown_value);
    set("value", rating.value);
    set("both_bad", rating.both_bad);
    set("first_safe", or_null(rating.first_safe));
    set("second_safe", or_null(rating.second_safe));
    set("seconds", rating.seconds);
    set("at", rating.at);
    set("standing", store::to_string(rating.standing));
}

std::uint64_t count(const RowReader& row, const std::string& field, std::int64_t otherwise) {
    const std::int64_t number = row.whole(field).value_or(otherwise);
    if (number < 0) fail_field(field, "must not be negative");
    return static_cast<std::uint64_t>(number);
}

std::optional<std::string> bytes(const RowReader& row, const std::string& field) {
    const auto text = row.text(field);
    if (!text) return std::nullopt;
    auto decoded = base::from_base64(*text);
    if (!decoded) fail_field(field, "is not base64");
    return decoded;
}

StudyAnswerRow answer_of(const RowReader& row, const std::string& slot) {
    StudyAnswerRow answer{.variant = row.text(slot + "_variant").value_or(""),
                          .run = row.text(slot + "_run").value_or(""),
                          .task = row.text(slot + "_task").value_or(""),
                          .doc = count(row, slot + "_doc", 0),
                          .position = count(row, slot + "_position", 0),
                          .text = row.text(slot + "_text").value_or(""),
                          .shown = bytes(row, slot + "_shown_base64"),
                          .changes_json = row.text(slot + "_changes").value_or("[]")};
    if (const auto coded = bytes(row, slot + "_text_base64")) answer.text = *coded;
    if (base::json_or_null(answer.changes_json).is_null()) fail_field(slot + "_changes", "is not JSON");
    return answer;
}

Rating rating_of(const RowReader& row, const store::StudyRow& study, const store::StudyItemRow& item) {
    Rating rating{.assignment = RowReader::needed(row.text("assignment"), "assignment"),
                  .item = item.number,
                  .kind = item.kind,
                  .category = item.category,
                  .prompt_hash = item.prompt_hash,
                  .rater = RowReader::needed(row.text("rater"), "rater"),
                  .first_left = row.flag("first_left").value_or(true),
                  .shown_value = RowReader::needed(row.whole("shown_value"), "shown_value"),
                  .both_bad = row.flag("both_bad").value_or(false),
                  .first_safe = row.flag("first_safe"),
                  .second_safe = row.flag("second_safe"),
                  .seconds = row.number("seconds").value_or(0),
                  .at = RowReader::needed(row.whole("at"), "at")};
    check_value(study.protocol, rating.shown_value, "shown_value");
    if (rating.seconds < 0) fail_field("seconds", "must not be negative");
    rating.value = store::canonical_value(study.protocol, rating.shown_value, rating.first_left);
    if (row.has("value") && row.whole("value") != rating.value)
        fail_field("value",
                   fmt::format("contradicts \"shown_value\" and \"first_left\", which make it {}", rating.value));
    const std::string standing = row.text("standing").value_or("counted");
    rating.standing = standing == "excluded" ? RatingStanding::Excluded
                      : standing == "extra"  ? RatingStanding::Extra
                                             : RatingStanding::Counted;
    if (store::to_string(rating.standing) != standing)
        fail_field("standing", "unknown word; known: counted, extra, excluded");
    return rating;
}

RatingRow row_of(const RowReader& row) {
    RatingRow result;
    result.study.name = RowReader::needed(row.text("study"), "study");
    result.study.protocol = RowReader::needed(row.text("protocol"), "protocol");
    const Protocol& protocol = protocol_named(result.study.protocol);
    const std::uint64_t raters = count(row, "raters_per_item", 3);
    if (raters < 1 || raters > 1'000'000) fail_field("raters_per_item", "must be 1 to 1000000");
    result.study.raters = static_cast<std::uint32_t>(raters);
    store::StudyItemRow& item = result.item;
    RowReader::needed(row.whole("item"), "item");
    item.number = count(row, "item", 0);
    item.kind = row.text("kind").value_or("rated");
    if (!std::set<std::string>{"rated", "gold", "attention", "practice"}.contains(item.kind))
        fail_field("kind", "unknown word; known: rated, gold, attention, practice");
    item.category = row.text("category").value_or("");
    item.turns_json = turns_text(row, "turns");
    item.prompt_hash = base::sha256_hex(item.turns_json);
    const auto low = row.whole("right_low");
    const auto high = row.whole("right_high");
    if (low && high) item.right = store::RightAnswer{*low, *high};
    item.feedback = row.text("feedback").value_or("");
    for (std::size_t slot = 0; slot < protocol.answers; ++slot) item.answers.push_back(answer_of(row, kSlots[slot]));
    if (row.has("rater")) result.rating = rating_of(row, result.study, item);
    return result;
}

}  // namespace

void check_protocol(const std::string& protocol) {
    protocol_named(protocol);
}

void check_value(std::string_view protocol, std::int64_t value, std::string_view field) {
    const Protocol& scale = protocol_named(protocol);
    if (value < scale.low || value > scale.high)
        fail_field(field, fmt::format("must be {} to {}, found {}", scale.low, scale.high, value));
}

const std::vector<std::string>& rating_fields() {
    static const std::vector<std::string> kFields = [] {
        std::vector<std::string> names;
        const ordered_json row = to_json(RatingRow());
        for (const auto& [name, value] : row.items()) names.push_back(name);
        return names;
    }();
    return kFields;
}

ordered_json to_json(const RatingRow& row) {
    ordered_json line = {{"study", row.study.name},
                         {"protocol", row.study.protocol},
                         {"raters_per_item", row.study.raters},
                         {"item", row.item.number},
                         {"kind", row.item.kind},
                         {"category", row.item.category},
                         {"turns", base::ordered_json_or_null(row.item.turns_json)}};
    line["right_low"] = row.item.right ? ordered_json(row.item.right->low) : ordered_json();
    line["right_high"] = row.item.right ? ordered_json(row.item.right->high) : ordered_json();
    line["feedback"] = row.item.feedback;
    for (std::size_t slot = 0; slot < kSlots.size(); ++slot)
        add_answer(line, kSlots[slot], slot < row.item.answers.size() ? &row.item.answers[slot] : nullptr);
    add_rating(line, row.rating);
    return line;
}

namespace {

/// A row of our own table as it was before its cells were made harmless to spreadsheets; rows of JSON stay as they are.
Row as_exported(Row row, const std::string& path) {
    const bool is_table = path.ends_with(".csv") || path.ends_with(".csv.gz");
    for (Row& cell : row) {
        if (is_table && cell.is_string()) cell = reports::text::csv_original(cell.get_ref<const std::string&>());
    }
    return row;
}

}  // namespace

std::vector<RatingRow> parse_rating_rows(std::string_view text, const std::string& path) {
    std::vector<RatingRow> rows;
    std::size_t index = 0;
    const std::string file = base::sha256_hex(text).substr(0, kFileDigits);
    std::map<std::uint64_t, std::uint32_t> of_other_tools;  // ratings by item
    read_rows(text, path, [&](const Row& fields, const std::string&) {
        const RowReader row(fields);
        const std::size_t number = index++;
        if (!is_of_other_tool(row)) {
            const Row ours = as_exported(fields, path);
            rows.push_back(row_of(RowReader(ours)));
            return;
        }
        for (RatingRow& one : rows_of_other_tool(row, number, file)) {
            ++of_other_tools[one.item.number];
            rows.push_back(std::move(one));
        }
    });
    // Those tools have no limit that is the same for all items: every rating counts.
    std::uint32_t most = 0;
    for (const auto& [item, number] : of_other_tools) most = std::max(most, number);
    for (RatingRow& row : rows) row.study.raters = most == 0 ? row.study.raters : most;
    return rows;
}

}  // namespace harness::interchange
