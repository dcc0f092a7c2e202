#include "harness/results/rated_studies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/base/median.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"

namespace harness::results {
namespace {

namespace data = reports::data;

data::StudyProtocol protocol_of(const std::string& word) {
    if (word == "pairwise") return data::StudyProtocol::Pairwise;
    if (word == "preference") return data::StudyProtocol::Preference;
    if (word == "safety") return data::StudyProtocol::Safety;
    return word == "harm" ? data::StudyProtocol::Harm : data::StudyProtocol::Refusal;
}

/// nullopt for practice items.
std::optional<data::StudyItemKind> kind_of(const std::string& word) {
    if (word == "rated") return data::StudyItemKind::Rated;
    if (word == "gold") return data::StudyItemKind::Gold;
    return word == "attention" ? std::optional(data::StudyItemKind::Attention) : std::nullopt;
}

data::RatingStanding standing_of(store::RatingStanding standing) {
    switch (standing) {
        case store::RatingStanding::Counted: return data::RatingStanding::Counted;
        case store::RatingStanding::Extra: return data::RatingStanding::Extra;
        case store::RatingStanding::Excluded: break;
    }
    return data::RatingStanding::Excluded;
}

/// Code points of UTF-8; of other bytes an upper bound.
std::size_t length_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// Puts the rows of a study together.
class StudyBuilder {
public:
    StudyBuilder(const store::Database& database, const store::StudyRow& row) : database_(database), row_(row) {
        const nlohmann::json definition = base::json_or_null(row.definition_json);
        study_.name = row.name;
        study_.hash = row.hash;
        study_.protocol = protocol_of(row.protocol);
        study_.raters_per_item = row.raters;
        study_.is_adaptive = base::text_member(definition, "assignment") == "adaptive";
        study_.state = row.state;
    }

    data::Study build(const std::vector<store::StudyItemRow>& items) {
        for (const store::StudyItemRow& item : items) add_item(item);
        for (const store::RaterRow& rater : store::StudyStore(database_).raters(row_.id)) {
            rater_of_.emplace(rater.id, study_.raters.size());
            study_.raters.push_back({.name = fmt::format("rater {}", rater.number + 1),
                                     .is_excluded = rater.excluded,
                                     .reason = rater.excluded ? rater.reason : ""});
        }
        add_ratings();
        for (const store::Skip& skip : store::skips(database_, row_)) {
            if (const auto rater = rater_of_.find(skip.rater); rater != rater_of_.end())
                ++study_.raters[rater->second].skipped;
        }
        return std::move(study_);
    }

private:
    std::size_t variant_of(const store::StudyAnswerRow& answer) {
        const auto [entry, added] = variant_of_.try_emplace({answer.run, answer.variant}, study_.variants.size());
        if (added) {
            study_.variants.push_back(answer.variant);
            study_.plans.push_back(answer.run);
        }
        return entry->second;
    }

    void add_item(const store::StudyItemRow& row) {
        const auto kind = kind_of(row.kind);
        if (!kind || row.answers.empty()) return;
        data::StudyItem item{.kind = *kind,
                             .category = row.category,
                             .prompt = prompt_of_.try_emplace(row.prompt_hash, prompt_of_.size()).first->second,
                             .first = variant_of(row.answers[0]),
                             .first_length = length_of(row.answers[0].shown_text())};
        if (row.answers.size() > 1) {
            item.second = variant_of(row.answers[1]);
            item.second_length = length_of(row.answers[1].shown_text());
        }
        if (row.right) item.right = data::ValueRange{row.right->low, row.right->high};
        for (const store::StudyAnswerRow& answer : row.answers) study_.scrubbed += answer.shown ? 1 : 0;
        item_of_.emplace(row.number, study_.items.size());
        study_.items.push_back(std::move(item));
    }

    void add_ratings() {
        std::vector<store::Rating> rows = store::ratings(database_, row_);
        // Ratings of one moment keep the order of their items.
        std::stable_sort(rows.begin(), rows.end(),
                         [](const store::Rating& a, const store::Rating& b) { return a.at < b.at; });
        std::vector<std::vector<double>> seconds(study_.raters.size());
        for (const store::Rating& row : rows) {
            const auto item = item_of_.find(row.item);
            const auto rater = rater_of_.find(row.rater);
            if (item == item_of_.end() || rater == rater_of_.end()) continue;
            study_.ratings.push_back({.item = item->second,
                                      .rater = rater->second,
                                      .value = row.value,
                                      .is_first_left = row.first_left,
                                      .is_both_bad = row.both_bad,
                                      .standing = standing_of(row.standing)});
            if (row.seconds > 0) seconds[rater->second].push_back(row.seconds);
        }
        for (std::size_t rater = 0; rater < seconds.size(); ++rater)
            study_.raters[rater].median_seconds = base::upper_median(std::move(seconds[rater]));
    }

    const store::Database& database_;
    const store::StudyRow& row_;
    data::Study study_;
    std::map<std::pair<std::string, std::string>, std::size_t> variant_of_;  // by run and name
    std::map<std::string, std::size_t> prompt_of_;                           // by hash
    std::map<std::uint64_t, std::size_t> item_of_;                           // by number
    std::map<std::string, std::size_t> rater_of_;                            // by id
};

bool has_answer_of(const std::vector<store::StudyItemRow>& items, const std::set<std::string>& plans) {
    return std::any_of(items.begin(), items.end(), [&plans](const store::StudyItemRow& item) {
        return std::any_of(item.answers.begin(), item.answers.end(),
                           [&plans](const store::StudyAnswerRow& answer) { return plans.contains(answer.run); });
    });
}

}  // namespace

data::Study rated_study(const store::Database& database, const store::StudyRow& study,
                        const std::vector<store::StudyItemRow>& items) {
    const store::ReadTransaction one_moment(database);
    return StudyBuilder(database, study).build(items);
}

std::vector<data::Study> studies_of_plans(const store::Database& database, const std::set<std::string>& plans) {
    const store::ReadTransaction one_moment(database);
    const store::StudyStore studies(database);
    std::vector<data::Study> found;
    for (const store::StudyRow& study : studies.studies()) {
        const std::vector<store::StudyItemRow> items = studies.items(study.id);
        if (has_answer_of(items, plans)) found.push_back(rated_study(database, study, items));
    }
    return found;
}

std::vector<data::Study> rated_studies(const store::Database& database, const std::vector<store::RunRow>& runs) {
    std::set<std::string> plans;
    for (const store::RunRow& run : runs) plans.insert(run.plan_hash);
    std::vector<data::Study> found = studies_of_plans(database, plans);
    std::erase_if(found, [](const data::Study& study) { return study.ratings.empty(); });
    return found;
}

}  // namespace harness::results
