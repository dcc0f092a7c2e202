#include "harness/scoring/distil.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/scoring/conversation.hpp"
#include "harness/scoring/rescore.hpp"
#include "harness/scoring/run_pairs.hpp"
#include "harness/store/database.hpp"
#include "harness/store/score_store.hpp"
#include "safety/refusal/refusal.hpp"

namespace harness::scoring {
namespace {

using reports::statistics::bootstrap_mean;
using reports::statistics::BootstrapMean;

bool refuses(const std::string& answer) {
    return safety::refusal::share_declined(safety::refusal::detect(answer).refusal).value_or(0) > 0;
}

/// What the scorer gave an answer; none: no value.
std::optional<double> reward_of(const store::ItemRow& item, std::uint64_t position, std::int64_t scorer) {
    const auto found = std::find_if(item.later.begin(), item.later.end(), [&](const store::ScoreRow& score) {
        return score.scorer == scorer && score.position == position;
    });
    return found == item.later.end() ? std::nullopt : found->value;
}

DistilledTask distilled(const store::RunStore& runs, const SharedTask& task, std::int64_t scorer) {
    DistilledTask result;
    result.task = task.a.task;
    for (const std::uint64_t doc : shared_docs(runs, task)) {
        const auto plain = runs.item(task.a.id, doc);
        const auto preprompted = runs.item(task.b.id, doc);
        if (!plain || !preprompted) continue;
        for (const auto& [in_plain, in_preprompted] : paired_answers(*plain, *preprompted)) {
            const std::optional<double> before = reward_of(*plain, in_plain, scorer);
            const std::optional<double> after = reward_of(*preprompted, in_preprompted, scorer);
            if (!before || !after) {
                ++result.without_reward;
                continue;
            }
            StoredAnswer answer = stored_answer(*plain, in_plain);
            std::string other = preprompted->requests[in_preprompted].output;
            const bool is_refusal = refuses(answer.answer);
            const bool is_other_refusal = refuses(other);
            result.answers.push_back({.doc = doc,
                                      .turns = std::move(answer.turns),
                                      .plain = std::move(answer.answer),
                                      .preprompted = std::move(other),
                                      .plain_reward = *before,
                                      .preprompted_reward = *after,
                                      .plain_refuses = is_refusal,
                                      .preprompted_refuses = is_other_refusal});
        }
    }
    return result;
}

double median_probability(std::vector<double> rewards) {
    std::sort(rewards.begin(), rewards.end());
    const std::size_t half = rewards.size() / 2;
    const double median = rewards.size() % 2 == 1 ? rewards[half] : (rewards[half - 1] + rewards[half]) / 2;
    return 1 / (1 + std::exp(-median));
}

double number(bool truth) {
    return truth ? 1 : 0;
}

}  // namespace

DistilSummary summarise(const std::vector<PrepromptedAnswer>& answers) {
    std::vector<std::size_t> prompts;
    prompts.reserve(answers.size());
    for (const PrepromptedAnswer& answer : answers) prompts.push_back(answer.doc);
    const auto values = [&](const auto& value) {
        std::vector<double> all;
        all.reserve(answers.size());
        for (const PrepromptedAnswer& answer : answers) all.push_back(value(answer));
        return all;
    };
    const auto mean = [&](const auto& value) { return bootstrap_mean(values(value), prompts); };
    const auto taken_reward = [](const PrepromptedAnswer& one) {
        return std::max(one.plain_reward, one.preprompted_reward);
    };
    const auto taken_refuses = [](const PrepromptedAnswer& one) {
        return number(one.takes_preprompted() ? one.preprompted_refuses : one.plain_refuses);
    };
    const auto set_of = [&](const auto& reward, const auto& refusal) {
        return DistilSummary::Answers{mean(reward), median_probability(values(reward)), mean(refusal)};
    };
    DistilSummary summary;
    summary.pairs = answers.size();
    summary.plain = set_of([](const PrepromptedAnswer& one) { return one.plain_reward; },
                           [](const PrepromptedAnswer& one) { return number(one.plain_refuses); });
    summary.preprompted = set_of([](const PrepromptedAnswer& one) { return one.preprompted_reward; },
                                 [](const PrepromptedAnswer& one) { return number(one.preprompted_refuses); });
    summary.distilled = set_of(taken_reward, taken_refuses);
    summary.taken = mean([](const PrepromptedAnswer& one) { return number(one.takes_preprompted()); });
    summary.reward_shift = mean([&](const PrepromptedAnswer& one) { return taken_reward(one) - one.plain_reward; });
    summary.refusal_shift =
        mean([&](const PrepromptedAnswer& one) { return taken_refuses(one) - number(one.plain_refuses); });
    summary.preprompt_shift =
        mean([](const PrepromptedAnswer& one) { return one.preprompted_reward - one.plain_reward; });
    return summary;
}

std::vector<DistilledTask> distil(
    const store::Database& database, const store::RunRow& plain, const store::RunRow& preprompted, Scorer& reward,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& on_progress) {
    const store::RunStore runs(database);
    const std::vector<SharedTask> tasks = shared_tasks(runs, plain, preprompted);
    RescoreWork work;
    for (const SharedTask& task : tasks) work.tasks.push_back(task.a.task);
    work.on_progress = [&](const RescoreProgress& progress) {
        on_progress(progress.task, progress.items_done, progress.items_total);
    };
    for (const store::RunRow* run : {&plain, &preprompted}) rescore(database, *run, reward, work);
    const std::int64_t scorer = store::ScoreStore(database).add_scorer(reward.identity());
    std::vector<DistilledTask> result;
    result.reserve(tasks.size());
    for (const SharedTask& task : tasks) result.push_back(distilled(runs, task, scorer));
    return result;
}

}  // namespace harness::scoring
