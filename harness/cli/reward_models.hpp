#pragma once

#include <string>
#include <vector>

#include "harness/cli/verb.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_pairs.hpp"
#include "harness/store/reward_store.hpp"

/// What the verbs of reward models share.
namespace harness::cli {

constexpr const char* kRewardNameHelp = "Name of the reward model in the database";

/// What is kept when Ctrl-C ends the computation of hidden states.
constexpr const char* kStatesAreStored = "the hidden states so far are stored. Run the same command again to continue";

Option& pairs_option(Verb& verb, std::vector<std::string>& files);

/// The pairs of all files. Throws UsageError.
std::vector<scoring::PreferencePair> read_pairs(const std::vector<std::string>& files);

/// Throws UsageError when no model has the name; it names the nearest.
store::RewardModelRow resolve_reward_model(const store::RewardStore& rewards, const std::string& name);

/// The MODEL argument of a reward model's backbone: `asked`, or where it was trained. Throws UsageError when neither
/// tells.
std::string backbone_of(const scoring::RewardModel& model, const std::string& asked);

/// Says on standard error how many pairs are not used, and why. Throws UsageError when the others have too few prompts
/// to train on some and validate on others.
void check_encoded(const scoring::EncodedPairs& encoded);

/// "58.3 %".
std::string percent(double share);

}  // namespace harness::cli
