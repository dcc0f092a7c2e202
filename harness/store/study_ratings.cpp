#include "harness/store/study_ratings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

/// Values of a comparison run from 1 to this minus 1; 0: the protocol has one answer.
std::int64_t mirror_of(std::string_view protocol) {
    if (protocol == "pairwise") return 8;
    return protocol == "preference" ? 9 : 0;
}

/// The ratings of a study from its events, which come by item, assignment and time.
class RatingReader {
public:
    RatingReader(const Database& database, const StudyRow& study) : database_(database), study_(study) {
        for (const RaterRow& rater : StudyStore(database).raters(study.id)) {
            if (rater.excluded) excluded_.insert(rater.id);
        }
    }

    void add(const Statement& row) {
        const std::string assignment = row.text(4);
        const std::string kind = row.text(8);
        const bool open = !found_.empty() && found_.back().assignment == assignment;
        if (kind == "undo" || kind == "skip") {
            if (open) found_.pop_back();
            return;
        }
        Rating rating = read(row);
        if (open) {
            rating.at = found_.back().at;  // an edit keeps its place
            found_.back() = std::move(rating);
        } else {
            found_.push_back(std::move(rating));
        }
    }

    std::vector<Rating> finished() {
        std::sort(found_.begin(), found_.end(), [](const Rating& a, const Rating& b) {
            return std::tie(a.item, a.at, a.assignment) < std::tie(b.item, b.at, b.assignment);
        });
        std::uint32_t counted = 0;
        for (std::size_t i = 0; i < found_.size(); ++i) {
            Rating& rating = found_[i];
            if (i == 0 || found_[i - 1].item != rating.item) counted = 0;
            // Every rater answers the checks: there is no limit to them.
            const bool limited = rating.kind == "rated";
            if (excluded_.contains(rating.rater)) {
                rating.standing = RatingStanding::Excluded;
            } else if (limited && counted >= study_.raters) {
                rating.standing = RatingStanding::Extra;
            } else {
                ++counted;
            }
        }
        return std::move(found_);
    }

private:
    Rating read(const Statement& row) const {
        const bool first_left = row.integer(6) == 0;
        const std::int64_t value = row.integer(9);
        if (value < 0 || (mirror_of(study_.protocol) != 0 && (value < 1 || value >= mirror_of(study_.protocol)))) {
            throw StoreError(
                fmt::format("{}: study '{}' has a rating of {}, which its scale lacks; the file is damaged",
                            database_.path(), study_.name, value));
        }
        return {.assignment = row.text(4),
                .item = row.count(0),
                .kind = row.text(1),
                .category = row.text(2),
                .prompt_hash = row.text(3),
                .rater = row.text(5),
                .first_left = first_left,
                .shown_value = value,
                .value = canonical_value(study_.protocol, value, first_left),
                .both_bad = row.optional_flag(10).value_or(false),
                .first_safe = row.optional_flag(first_left ? 11 : 12),
                .second_safe = row.optional_flag(first_left ? 12 : 11),
                .seconds = row.real(13),
                .at = row.integer(7)};
    }

    const Database& database_;
    const StudyRow& study_;
    std::set<std::string> excluded_;
    std::vector<Rating> found_;
};

std::string_view bin_of(bool chosen_safe, bool rejected_safe) {
    if (chosen_safe) return rejected_safe ? "both_safe" : "chosen_safe";
    return rejected_safe ? "chosen_unsafe" : "both_unsafe";
}

}  // namespace

std::string_view to_string(RatingStanding standing) {
    constexpr std::array<std::string_view, 3> kWords = {"counted", "extra", "excluded"};
    return kWords.at(static_cast<std::size_t>(standing));
}

std::int64_t canonical_value(std::string_view protocol, std::int64_t shown, bool first_left) {
    const std::int64_t mirror = mirror_of(protocol);
    return first_left || mirror == 0 ? shown : mirror - shown;
}

std::vector<Rating> ratings(const Database& database, const StudyRow& study) {
    const ReadTransaction one_moment(database);
    RatingReader reader(database, study);
    Statement rows(database, R"sql(
        SELECT number, study_item.kind, category, prompt, assignment.id, rater, left_slot, at, rating_event.kind, value,
            both_bad, left_safe, right_safe, seconds
        FROM study_item JOIN assignment ON item = study_item.id JOIN rating_event ON assignment = assignment.id
        WHERE study = ?1 ORDER BY number, assignment.id, at)sql");
    rows.bind(study.id);
    while (rows.step()) reader.add(rows);
    database.check_unchanged();
    return reader.finished();
}

std::vector<Skip> skips(const Database& database, const StudyRow& study) {
    Statement rows(database, R"sql(
        SELECT number, rater, reason, note
        FROM study_item JOIN assignment ON item = study_item.id JOIN rating_event AS last ON assignment = assignment.id
        WHERE study = ?1 AND last.kind = 'skip'
            AND at = (SELECT max(at) FROM rating_event WHERE assignment = assignment.id)
        ORDER BY number, rater)sql");
    rows.bind(study.id);
    std::vector<Skip> found;
    while (rows.step()) found.push_back({rows.count(0), rows.text(1), rows.text(2), rows.text(3)});
    database.check_unchanged();
    return found;
}

std::optional<PreferenceRating> preference_of(const StudyRow& study, const StudyItemRow& item, const Rating& rating) {
    constexpr std::array<const char*, 4> kStrengths = {"significantly", "better", "slightly", "negligible"};
    const std::int64_t mirror = mirror_of(study.protocol);
    const bool is_tie = 2 * rating.value == mirror;
    if (mirror == 0 || is_tie || rating.kind != "rated" || rating.standing != RatingStanding::Counted)
        return std::nullopt;
    const bool first_chosen = 2 * rating.value < mirror;
    const std::int64_t from_end = (first_chosen ? rating.value : mirror - rating.value) - 1;
    const auto& chosen_safe = first_chosen ? rating.first_safe : rating.second_safe;
    const auto& rejected_safe = first_chosen ? rating.second_safe : rating.first_safe;
    const bool has_bin = study.protocol == "preference" && chosen_safe && rejected_safe;
    return PreferenceRating{.study = study.name,
                            .item = item.number,
                            .rater = rating.rater,
                            .prompt_hash = item.prompt_hash,
                            .turns_json = item.turns_json,
                            .chosen = item.answers.at(first_chosen ? 0 : 1).text,
                            .rejected = item.answers.at(first_chosen ? 1 : 0).text,
                            .strength = kStrengths.at(static_cast<std::size_t>(from_end)),
                            .bin = std::string(has_bin ? bin_of(*chosen_safe, *rejected_safe) : "unknown")};
}

std::vector<PreferenceRating> preference_ratings(const Database& database, const StudyRow& study) {
    std::vector<PreferenceRating> pairs;
    if (study.protocol != "preference") return pairs;
    const ReadTransaction one_moment(database);
    const std::vector<StudyItemRow> items = StudyStore(database).items(study.id);
    for (const Rating& rating : ratings(database, study)) {
        if (auto pair = preference_of(study, items.at(rating.item), rating)) pairs.push_back(std::move(*pair));
    }
    return pairs;
}

std::vector<AnswerLabel> answer_labels(const Database& database, std::int64_t run) {
    const ReadTransaction one_moment(database);
    Statement rows(database, R"sql(
        SELECT study.name, number, run_task.id, doc, position
        FROM run JOIN study_answer ON study_answer.run = plan_hash JOIN study_item ON study_item.id = item
            JOIN study ON study.id = study JOIN run_task ON run_task.run = run.id AND run_task.task = study_answer.task
        WHERE run.id = ?1 AND protocol IN ('safety', 'harm', 'refusal') AND study_item.kind = 'rated'
        ORDER BY study.name, number)sql");
    using Labelled = std::map<std::uint64_t, AnswerLabel>;  // by item
    std::map<std::string, Labelled> studies;
    rows.bind(run);
    while (rows.step()) {
        AnswerLabel label{.study = rows.text(0),
                          .protocol = {},
                          .run_task = rows.integer(2),
                          .doc = rows.count(3),
                          .position = rows.count(4),
                          .rater = {}};
        studies[label.study].emplace(rows.count(1), label);
    }
    std::vector<AnswerLabel> labels;
    for (const auto& [name, items] : studies) {
        const StudyRow study = StudyStore(database).find(name).value();
        for (const Rating& rating : ratings(database, study)) {
            const auto item = items.find(rating.item);
            if (item == items.end()) continue;
            AnswerLabel label = item->second;
            label.protocol = study.protocol;
            label.rater = rating.rater;
            label.value = rating.value;
            label.standing = rating.standing;
            labels.push_back(std::move(label));
        }
    }
    std::sort(labels.begin(), labels.end(), [](const AnswerLabel& a, const AnswerLabel& b) {
        return std::tie(a.study, a.run_task, a.doc, a.position, a.rater) <
               std::tie(b.study, b.run_task, b.doc, b.position, b.rater);
    });
    return labels;
}

}  // namespace harness::store
