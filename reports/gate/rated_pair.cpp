#include "reports/gate/rated_pair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "reports/sections/cells.hpp"
#include "reports/sections/ratings_votes.hpp"
#include "reports/statistics/majority.hpp"

namespace reports::gate {
namespace {

Side side_of_plan(const std::string& plan, const std::string& baseline, const std::optional<std::string>& run) {
    if (plan.empty()) return Side::Neither;
    if (plan == baseline) return Side::Baseline;
    return !run || plan == *run ? Side::Run : Side::Neither;
}

RatedPair pair_in(const data::Study& study, const std::string& baseline, const std::optional<std::string>& run) {
    RatedPair pair{.study = &study, .side_of = {}, .part = study, .items = {}};
    for (std::size_t variant = 0; variant < study.variants.size(); ++variant)
        pair.side_of.push_back(variant < study.plans.size() ? side_of_plan(study.plans[variant], baseline, run)
                                                            : Side::Neither);
    std::vector<bool> is_of_pair(study.items.size(), false);
    for (std::size_t item = 0; item < study.items.size(); ++item) {
        const data::StudyItem& rated = study.items[item];
        if (rated.kind != data::StudyItemKind::Rated) continue;
        const Side first = pair.side_of[rated.first];
        const Side second = rated.second ? pair.side_of[*rated.second] : first;
        const bool is_one_of_each = first != Side::Neither && second != Side::Neither && first != second;
        is_of_pair[item] = rated.second ? is_one_of_each : first != Side::Neither;
        if (is_of_pair[item]) pair.items.push_back(item);
    }
    std::erase_if(pair.part.ratings, [&](const data::StudyRating& rating) { return !is_of_pair[rating.item]; });
    std::vector<std::size_t> counted(study.items.size(), 0);
    for (const std::size_t index : sections::selected_ratings(pair.part)) {
        ++counted[pair.part.ratings[index].item];
        ++pair.ratings;
    }
    pair.short_items = static_cast<std::size_t>(std::count_if(
        pair.items.begin(), pair.items.end(), [&](std::size_t item) { return counted[item] < study.raters_per_item; }));
    return pair;
}

bool has_both_sides(const RatedPair& pair) {
    bool has_baseline = false;
    bool has_run = false;
    for (const std::size_t item : pair.items) {
        const data::StudyItem& rated = pair.study->items[item];
        for (const std::size_t variant : {rated.first, rated.second.value_or(rated.first)}) {
            has_baseline = has_baseline || pair.side_of[variant] == Side::Baseline;
            has_run = has_run || pair.side_of[variant] == Side::Run;
        }
    }
    return has_baseline && has_run;
}

const char* kind_name(const data::GateRule& rule) {
    return rule.ratings.is_safety ? "safety" : "pairwise";
}

/// The outcome of one item with its ratings: see prompt_values.
std::optional<double> item_value(const RatedPair& pair, const std::vector<std::size_t>& ratings, Side side) {
    const data::Study& study = pair.part;
    std::vector<std::size_t> votes;
    for (const std::size_t index : ratings) {
        const data::StudyRating& rating = study.ratings[index];
        votes.push_back(sections::scale_of(study.protocol).is_pair
                            ? static_cast<std::size_t>(sections::vote_of(study, rating))
                            : std::size_t{sections::is_counted_value(study, rating)});
    }
    const std::optional<std::size_t> most = statistics::majority(votes);
    if (!sections::scale_of(study.protocol).is_pair)
        return most ? std::optional(static_cast<double>(*most)) : std::nullopt;
    if (!most) return statistics::points(statistics::Vote::Tie);
    // Votes are from the side of the smaller variant index.
    const std::size_t first = sections::pair_of(study.items[study.ratings[ratings.front()].item]).first;
    const double points = statistics::points(static_cast<statistics::Vote>(*most));
    return pair.side_of[first] == side ? points : 1 - points;
}

}  // namespace

bool fits(const data::Study& study, const data::GateRule& rule) {
    const bool is_pair = sections::scale_of(study.protocol).is_pair;
    return rule.ratings.is_safety
               ? study.protocol == data::StudyProtocol::Safety || study.protocol == data::StudyProtocol::Harm
               : is_pair;
}

FoundPair find_pair(const std::vector<data::Study>& studies, const data::GateRule& rule, const std::string& baseline,
                    const std::optional<std::string>& run) {
    FoundPair found;
    if (baseline.empty()) {
        found.not_comparable = "the baseline does not name its run's plan; write it again with 'bellwether baseline'";
        return found;
    }
    const std::string& name = rule.ratings.study;
    bool has_name = false;
    for (const data::Study& study : studies) {
        if (!name.empty() && study.name != name) continue;
        has_name = true;
        if (!fits(study, rule)) continue;
        RatedPair pair = pair_in(study, baseline, run);
        if (!has_both_sides(pair)) continue;
        if (found.pair) {
            found.not_comparable = fmt::format("'{}' and '{}' are {} studies of both runs; name one in \"study\"",
                                               found.pair->study->name, study.name, kind_name(rule));
            return found;
        }
        found.pair = std::move(pair);
    }
    if (found.pair) return found;
    if (!name.empty() && !has_name) {
        found.incomplete = fmt::format("the database has no study '{}'", name);
    } else if (!name.empty()) {
        found.not_comparable =
            fmt::format("study '{}' is no {} study with answers of both runs", name, kind_name(rule));
    } else {
        found.incomplete =
            fmt::format("no {} study has answers of both runs; 'bellwether rate open-study --protocol {}' opens one",
                        kind_name(rule), kind_name(rule));
    }
    return found;
}

std::map<std::size_t, double> prompt_values(const RatedPair& pair, Side side) {
    std::map<std::size_t, std::vector<std::size_t>> ratings_of;
    for (const std::size_t index : sections::selected_ratings(pair.part))
        ratings_of[pair.part.ratings[index].item].push_back(index);
    struct Sum {
        double points = 0;
        double items = 0;
    };
    std::map<std::size_t, Sum> sums;
    for (const auto& [item, ratings] : ratings_of) {
        const data::StudyItem& rated = pair.part.items[item];
        if (!rated.second && pair.side_of[rated.first] != side) continue;
        const std::optional<double> value = item_value(pair, ratings, side);
        if (!value) continue;
        Sum& sum = sums[rated.prompt];
        sum.points += *value;
        sum.items += 1;
    }
    std::map<std::size_t, double> values;
    for (const auto& [prompt, sum] : sums) values[prompt] = sum.points / sum.items;
    return values;
}

std::optional<double> rated_agreement(const RatedPair& pair) {
    const statistics::AgreementResult result = statistics::agreement(
        sections::scale_matrix(pair.part).ratings, {statistics::Coefficient::GwetAc, statistics::Weights::Ordinal});
    const auto* agreement = std::get_if<statistics::Agreement>(&result);
    return agreement == nullptr ? std::nullopt : std::optional(agreement->value);
}

}  // namespace reports::gate
