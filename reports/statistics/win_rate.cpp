#include "reports/statistics/win_rate.hpp"

#include <map>

#include "reports/statistics/majority.hpp"
#include "reports/statistics/paired.hpp"

namespace reports::statistics {
namespace {

constexpr std::size_t kNoConsensus = 3;  // after the three votes

/// Position of a Vote, or kNoConsensus.
std::size_t outcome_of(const VotedItem& item) {
    std::vector<std::size_t> votes;
    for (const Vote vote : item.votes) votes.push_back(static_cast<std::size_t>(vote));
    return majority(votes).value_or(kNoConsensus);
}

double mean_points_of(const VotedItem& item) {
    double sum = 0;
    for (const Vote vote : item.votes) sum += points(vote);
    return sum / static_cast<double>(item.votes.size());
}

double sign_of(std::size_t outcome) {
    return outcome < kNoConsensus ? 2 * points(static_cast<Vote>(outcome)) - 1 : 0;
}

}  // namespace

double points(Vote vote) {
    switch (vote) {
        case Vote::Win: return 1;
        case Vote::Tie: return 0.5;
        case Vote::Loss: break;
    }
    return 0;
}

double sign_test(std::uint64_t won, std::uint64_t lost) {
    return mcnemar_exact(won, lost);  // the same binomial distribution
}

std::optional<WinTieLoss> win_tie_loss(const std::vector<VotedItem>& items, const BootstrapSettings& settings) {
    constexpr std::size_t kWinRate = kNoConsensus + 1;
    constexpr std::size_t kMeanPoints = kWinRate + 1;
    WinTieLoss result;
    std::vector<SharesOfItems> shares(kMeanPoints + 1);
    std::vector<std::size_t> prompt_of;
    std::map<std::size_t, double> net;  // of each prompt: items won less items lost
    for (const VotedItem& item : items) {
        if (item.votes.empty()) continue;
        const std::size_t outcome = outcome_of(item);
        for (SharesOfItems& share : shares) {
            share.parts.push_back(0);
            share.wholes.push_back(1);
        }
        shares[outcome].parts.back() = 1;
        shares[kWinRate].parts.back() = (1 + sign_of(outcome)) / 2;
        shares[kMeanPoints].parts.back() = mean_points_of(item);
        prompt_of.push_back(item.prompt);
        net[item.prompt] += sign_of(outcome);
        result.ratings += item.votes.size();
        ++result.items;
    }
    if (result.items == 0) return std::nullopt;
    result.prompts = net.size();
    const auto sampled = sampled_shares(shares, prompt_of, settings);
    result.win = *sampled[static_cast<std::size_t>(Vote::Win)];
    result.tie = *sampled[static_cast<std::size_t>(Vote::Tie)];
    result.loss = *sampled[static_cast<std::size_t>(Vote::Loss)];
    result.no_consensus = *sampled[kNoConsensus];
    result.win_rate = *sampled[kWinRate];
    result.mean_points = *sampled[kMeanPoints];
    for (const auto& [prompt, difference] : net) {
        result.prompts_won += difference > 0 ? 1 : 0;
        result.prompts_lost += difference < 0 ? 1 : 0;
    }
    result.sign_p = sign_test(result.prompts_won, result.prompts_lost);
    return result;
}

}  // namespace reports::statistics
