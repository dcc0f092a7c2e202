// What the ratings of single answers say.

#include <map>
#include <set>
#include <span>

#include "reports/sections/ratings_analysis.hpp"

namespace reports::sections {
namespace {

/// Ratings of one item: how many there are, how many of them have a counted value, and their sum.
struct AnswerItem {
    std::size_t prompt = 0;
    double ratings = 0;
    double counted = 0;
    double sum = 0;
};

AnswerResult answer_result(const std::map<std::size_t, AnswerItem>& items, const StudyScale& scale) {
    AnswerResult result;
    statistics::SharesOfItems share;
    std::vector<std::size_t> prompt_of;
    std::vector<double> means;
    for (const auto& [index, item] : items) {
        const bool is_split = 2 * item.counted == item.ratings;
        share.parts.push_back(2 * item.counted > item.ratings ? 1 : 0);
        share.wholes.push_back(is_split ? 0 : 1);
        prompt_of.push_back(item.prompt);
        means.push_back(item.sum / item.ratings);
        result.ratings += static_cast<std::size_t>(item.ratings);
        result.no_consensus += is_split ? 1 : 0;
    }
    result.items = items.size();
    result.counted = statistics::sampled_share(share, prompt_of);
    if (scale.is_ordered) result.mean = statistics::clustered_mean(means, prompt_of);
    return result;
}

/// An item with a majority.
struct DecidedItem {
    std::size_t variant = 0;
    std::size_t prompt = 0;
    bool is_counted = false;
};

std::vector<DecidedItem> decided_items(const data::Study& study) {
    std::map<std::size_t, int> balances;  // by item: ratings with a counted value less those without
    for (const std::size_t index : selected_ratings(study)) {
        const data::StudyRating& rating = study.ratings[index];
        balances[rating.item] += is_counted_value(study, rating) ? 1 : -1;
    }
    std::vector<DecidedItem> items;
    for (const auto& [index, balance] : balances) {
        const data::StudyItem& item = study.items[index];
        if (balance != 0) items.push_back({.variant = item.first, .prompt = item.prompt, .is_counted = balance > 0});
    }
    return items;
}

/// Share of a variant's items that are counted, in a resample.
std::optional<double> share_of(const std::vector<DecidedItem>& items, std::size_t variant,
                               std::span<const double> counts) {
    double part = 0;
    double whole = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].variant != variant) continue;
        whole += counts[i];
        part += items[i].is_counted ? counts[i] : 0;
    }
    return whole > 0 ? std::optional(part / whole) : std::nullopt;
}

}  // namespace

std::vector<AnswerResult> answer_results(const data::Study& study, RatingSplit split) {
    std::map<std::pair<std::string, std::size_t>, std::map<std::size_t, AnswerItem>> parts;
    for (const std::size_t index : selected_ratings(study)) {
        const data::StudyRating& rating = study.ratings[index];
        const data::StudyItem& item = study.items[rating.item];
        if (split == RatingSplit::Category && item.category.empty()) continue;
        AnswerItem& rated = parts[{split == RatingSplit::All ? "" : item.category, item.first}][rating.item];
        rated.prompt = item.prompt;
        rated.ratings += 1;
        rated.counted += is_counted_value(study, rating) ? 1 : 0;
        rated.sum += static_cast<double>(rating.value);
    }
    std::vector<AnswerResult> results;
    for (const auto& [key, items] : parts) {
        results.push_back(answer_result(items, scale_of(study.protocol)));
        results.back().category = key.first;
        results.back().variant = key.second;
    }
    return results;
}

std::vector<AnswerDifference> answer_differences(const data::Study& study) {
    const std::vector<DecidedItem> items = decided_items(study);
    std::set<std::size_t> variants;
    std::vector<std::size_t> prompt_of;
    for (const DecidedItem& item : items) {
        variants.insert(item.variant);
        prompt_of.push_back(item.prompt);
    }
    std::vector<AnswerDifference> results;
    for (const std::size_t variant : variants) {
        AnswerDifference result{
            .first = *variants.begin(), .variant = variant, .difference = 0, .ci95 = std::nullopt, .prompts = 0};
        if (result.variant == result.first) continue;
        const auto difference = [&](std::span<const double> counts) -> std::optional<double> {
            const auto of_variant = share_of(items, result.variant, counts);
            const auto of_first = share_of(items, result.first, counts);
            return of_variant && of_first ? std::optional(*of_variant - *of_first) : std::nullopt;
        };
        const auto bootstrap = statistics::bootstrap95(items.size(), prompt_of, difference);
        if (bootstrap) result.ci95 = bootstrap->ci95;
        result.difference = difference(std::vector<double>(items.size(), 1.0)).value_or(0);  // both have an item
        std::set<std::size_t> prompts;
        for (const DecidedItem& item : items) {
            if (item.variant == result.variant || item.variant == result.first) prompts.insert(item.prompt);
        }
        result.prompts = prompts.size();
        results.push_back(result);
    }
    return results;
}

}  // namespace reports::sections
