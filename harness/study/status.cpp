#include "harness/study/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "harness/base/median.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/store/database.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "harness/store/transaction.hpp"
#include "harness/study/adaptive.hpp"
#include "reports/statistics/majority.hpp"
#include "suites/suggestion.hpp"

namespace harness::study {
namespace {

/// The items of a rater in the order in which they were submitted, without practice.
class RaterReader {
public:
    RaterReader(const StudyState& state, const store::StudyRow& study) : state_(state), study_(study) {}

    RaterStatus read(const RaterState& rater) const {
        RaterStatus status{.rater = rater.row, .submitted = rater.submitted};
        std::vector<double> seconds;
        std::size_t streak = 0;
        std::optional<std::int64_t> last;
        for (const std::size_t index : rater.history) {
            const AssignmentState& one = state_.assignment(index);
            const ItemKind kind = state_.items()[one.item].kind;
            status.last_seen = std::max(status.last_seen.value_or(0), one.last_event);
            if (kind == ItemKind::Practice) continue;
            seconds.push_back(one.seconds);
            streak = last == one.choice.value ? streak + 1 : 1;
            last = one.choice.value;
            status.longest_streak = std::max(status.longest_streak, streak);
            add_side(status, kind, one);
            add_check(status, kind, one);
        }
        for (const std::size_t index : rater.assignments) {
            if (state_.assignment(index).stage == Stage::Skipped) ++status.skipped;
        }
        status.median_seconds = base::upper_median(std::move(seconds));
        return status;
    }

private:
    void add_side(RaterStatus& status, ItemKind kind, const AssignmentState& one) const {
        if (kind != ItemKind::Rated || study_.protocol == "safety") return;
        // Twice the value is below, at or above the sum of a scale's ends.
        const std::int64_t mirrored = store::canonical_value(study_.protocol, *one.choice.value, false);
        if (*one.choice.value < mirrored) ++status.left_preferred;
        if (*one.choice.value > mirrored) ++status.right_preferred;
    }

    void add_check(RaterStatus& status, ItemKind kind, const AssignmentState& one) const {
        const std::size_t right = is_right(study_.protocol, state_.item_rows()[one.item], one) ? 1 : 0;
        if (kind == ItemKind::Gold) {
            ++status.gold;
            status.gold_right += right;
        } else if (kind == ItemKind::Attention) {
            ++status.attention;
            status.attention_right += right;
        }
    }

    const StudyState& state_;
    const store::StudyRow& study_;
};

void add_item(StudyStatus& status, const StudyState& state, std::size_t item, store::UnixMs now) {
    const ItemState& one = state.items()[item];
    if (one.kind != ItemKind::Rated) return;
    const std::size_t k = status.study.raters;
    const std::size_t counted = std::min<std::size_t>(one.in_force, k);
    ++status.items;
    ++status.items_by_ratings[counted];
    status.complete += counted == k ? 1 : 0;
    status.wanted += k;
    status.counted += counted;
    status.extra += one.in_force - counted;
    for (const store::StudyAnswerRow& answer : state.item_rows()[item].answers) {
        if (answer.shown) ++status.scrubbed;
    }
    std::vector<std::size_t> in_force;
    for (const std::size_t index : one.assignments) {
        const AssignmentState& given = state.assignment(index);
        const bool is_excluded = state.raters()[given.rater].row.excluded;
        if (given.stage == Stage::Open && given.row.lease_until > now && !is_excluded) ++status.active_leases;
        if (given.stage == Stage::Skipped) ++status.skips[given.reason];
        if (given.stage != Stage::InForce) continue;
        if (is_excluded) {
            ++status.of_excluded;
        } else {
            in_force.push_back(index);
        }
    }
    std::sort(in_force.begin(), in_force.end(), [&state](std::size_t a, std::size_t b) {
        return state.assignment(a).in_force_since < state.assignment(b).in_force_since;
    });
    std::vector<DecidedRating> decided;
    for (std::size_t i = 0; i < counted; ++i) {
        const AssignmentState& given = state.assignment(in_force[i]);
        ++status.raters.at(given.rater).counted;
        const std::int64_t value =
            store::canonical_value(status.study.protocol, *given.choice.value, given.row.left_slot == 0);
        if (const auto decision = decision_of(status.study.protocol, value))
            decided.push_back({given.rater, *decision});
    }
    agreement_of_item(decided, status.raters);
}

/// A study that was rated elsewhere: it has no leases, checks and skips.
StudyStatus imported_status(const store::Database& database, const store::StudyRow& study) {
    const store::StudyStore studies(database);
    StudyStatus status{.study = study, .items = studies.items(study.id).size()};
    status.wanted = status.items * study.raters;
    std::map<std::string, std::size_t> rater_of;
    for (const store::RaterRow& rater : studies.raters(study.id)) {
        rater_of[rater.id] = status.raters.size();
        status.raters.push_back({.rater = rater});
    }
    std::map<std::uint64_t, std::size_t> counted;
    std::map<std::uint64_t, std::vector<DecidedRating>> decided;
    for (const store::Rating& rating : store::ratings(database, study)) {
        const auto known = rater_of.find(rating.rater);
        if (known == rater_of.end()) continue;
        const std::size_t index = known->second;
        RaterStatus& rater = status.raters[index];
        ++rater.submitted;
        rater.last_seen = std::max(rater.last_seen.value_or(0), rating.at);
        if (rating.standing == store::RatingStanding::Extra) ++status.extra;
        if (rating.standing == store::RatingStanding::Excluded) ++status.of_excluded;
        if (rating.standing != store::RatingStanding::Counted) continue;
        ++rater.counted;
        ++status.counted;
        ++counted[rating.item];
        if (const auto decision = decision_of(study.protocol, rating.value))
            decided[rating.item].push_back({index, *decision});
    }
    for (const auto& [item, ratings] : decided) agreement_of_item(ratings, status.raters);
    for (const auto& [item, number] : counted) {
        ++status.items_by_ratings[number];
        status.complete += number == study.raters ? 1 : 0;
    }
    if (status.items > counted.size()) status.items_by_ratings[0] = status.items - counted.size();
    return status;
}

}  // namespace

store::StudyRow find_study(const store::Database& database, const std::string& name) {
    const store::StudyStore studies(database);
    if (auto found = studies.find(name)) return std::move(*found);
    std::set<std::string> known;
    for (const store::StudyRow& study : studies.studies()) known.insert(study.name);
    throw base::UsageError(
        fmt::format("{}: there is no study '{}'{}", database.path(), name,
                    known.empty() ? "; 'bellwether rate open-study' makes one" : suites::suggestion(name, known)));
}

StudyStatus status_of(const StudyState& state, const store::StudyRow& study, store::UnixMs now) {
    StudyStatus status{.study = study};
    const RaterReader reader(state, study);
    for (const RaterState& rater : state.raters()) status.raters.push_back(reader.read(rater));
    for (std::size_t item = 0; item < state.items().size(); ++item) add_item(status, state, item, now);
    status.pairs = pair_progress(state, study);
    return status;
}

StudyStatus read_status(const store::Database& database, const std::string& name, store::UnixMs now) {
    const store::ReadTransaction one_moment(database);
    const store::StudyRow study = find_study(database, name);
    if (study.source != "page") return imported_status(database, study);
    const Definition definition = parse_definition(study.definition_json, "study '" + name + "'");
    StudyStatus status = status_of(StudyState(database, study, definition), study, now);
    status.is_adaptive = definition.assignment == Assignment::Adaptive;
    return status;
}

std::optional<std::size_t> decision_of(std::string_view protocol, std::int64_t value) {
    if (protocol == "safety") return value <= 2 ? 0 : 1;
    if (protocol != "pairwise" && protocol != "preference") return std::nullopt;
    const std::int64_t mirrored = store::canonical_value(protocol, value, false);
    if (value == mirrored) return 1;
    return value < mirrored ? 0 : 2;
}

void agreement_of_item(const std::vector<DecidedRating>& ratings, std::vector<RaterStatus>& raters) {
    constexpr std::size_t kMinOthers = 2;
    for (const DecidedRating& rating : ratings) {
        std::vector<std::size_t> others;
        for (const DecidedRating& other : ratings) {
            if (other.rater != rating.rater) others.push_back(other.decision);
        }
        if (others.size() < kMinOthers) continue;
        const auto agreed = reports::statistics::majority(others);
        if (!agreed) continue;
        ++raters.at(rating.rater).with_majority;
        raters.at(rating.rater).agreeing += *agreed == rating.decision ? 1 : 0;
    }
}

std::size_t StudyStatus::with_majority() const {
    return std::accumulate(raters.begin(), raters.end(), std::size_t{0},
                           [](std::size_t sum, const RaterStatus& rater) { return sum + rater.with_majority; });
}

std::size_t StudyStatus::agreeing() const {
    return std::accumulate(raters.begin(), raters.end(), std::size_t{0},
                           [](std::size_t sum, const RaterStatus& rater) { return sum + rater.agreeing; });
}

bool is_right(std::string_view protocol, const store::StudyItemRow& item, const AssignmentState& one) {
    if (!item.right || !one.choice.value) return false;
    const std::int64_t value = store::canonical_value(protocol, *one.choice.value, one.row.left_slot == 0);
    return value >= item.right->low && value <= item.right->high;
}

}  // namespace harness::study
