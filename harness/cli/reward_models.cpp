#include "harness/cli/reward_models.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"
#include "harness/interchange/preference_pairs.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

/// Five folds, each with prompts to train on and to validate.
constexpr std::size_t kLeastPrompts = 20;

}  // namespace

Option& pairs_option(Verb& verb, std::vector<std::string>& files) {
    return verb.option(
        "--pairs", "FILE", file_list(files),
        "Preferences of people: hh-rlhf's files, or JSON lines with prompt or turns, chosen and rejected, and "
        "perhaps strength and bin (also .gz); several with commas");
}

std::vector<scoring::PreferencePair> read_pairs(const std::vector<std::string>& files) {
    std::vector<scoring::PreferencePair> pairs;
    for (const std::string& file : files) {
        for (scoring::PreferencePair& pair : interchange::read_preference_pairs(file)) pairs.push_back(std::move(pair));
    }
    return pairs;
}

store::RewardModelRow resolve_reward_model(const store::RewardStore& rewards, const std::string& name) {
    if (const auto found = rewards.find(name)) return *found;
    std::set<std::string> names;
    for (const store::RewardModelRow& row : rewards.models()) names.insert(row.name);
    throw base::UsageError(fmt::format("no reward model '{}' in this database{}; 'bellwether reward list' shows them",
                                       name, suites::did_you_mean(name, names)));
}

std::string backbone_of(const scoring::RewardModel& model, const std::string& asked) {
    if (!asked.empty()) return asked;
    if (model.source.empty())
        throw base::UsageError(fmt::format("reward model '{}' was imported; name its backbone ({}) with --backbone",
                                           model.name, model.backbone));
    return model.source;
}

void check_encoded(const scoring::EncodedPairs& encoded) {
    std::size_t total = encoded.pairs.size();
    for (const auto& [reason, count] : encoded.left_out) total += count;
    for (const auto& [reason, count] : encoded.left_out)
        print_error("{} of {} pairs are left out: {}\n", count, total, reason);
    std::set<std::uint64_t> prompts;
    for (const safety::reward::Pair& pair : encoded.pairs) prompts.insert(pair.group);
    if (prompts.size() < kLeastPrompts)
        throw base::UsageError(fmt::format("--pairs: {} prompts are left; a reward model needs at least {}",
                                           prompts.size(), kLeastPrompts));
}

std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

}  // namespace harness::cli
