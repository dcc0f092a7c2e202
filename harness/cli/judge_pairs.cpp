#include "harness/cli/judge_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "harness/base/usage_error.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/scoring/compare_runs.hpp"
#include "harness/scoring/reward_pairs.hpp"
#include "harness/store/accuracy_store.hpp"
#include "harness/store/score_store.hpp"
#include "reports/statistics/pairwise.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kBatch = 16;  ///< pairs between two looks for Ctrl-C

/// What a judge said about pairs; answer a of each is the one that people prefer.
struct Judged {
    store::ScorerRow scorer;
    std::vector<reports::statistics::JudgedPair> pairs;  ///< with a preference in both orders
    std::size_t without_value = 0;
    std::string first_reason;
};

Judged judged(const std::string& judge_name, const ScorerOptions& options,
              const std::vector<scoring::PreferencePair>& pairs) {
    Judged result;
    with_judge(judge_name, options, [&](const scoring::JudgeModel& judge, ProgressBar& bar) {
        result.scorer = judge.identity();
        for (std::size_t start = 0; start < pairs.size(); start += kBatch) {
            const std::size_t end = std::min(start + kBatch, pairs.size());
            std::vector<scoring::AnswerPair> batch;
            for (std::size_t i = start; i < end; ++i) {
                batch.push_back({{.turns = pairs[i].turns, .answer = pairs[i].chosen, .document_json = "{}"},
                                 {.turns = pairs[i].turns, .answer = pairs[i].rejected, .document_json = "{}"}});
            }
            const std::vector<scoring::PairReplies> replies = scoring::judge_pairs(judge, batch);
            for (std::size_t i = start; i < end; ++i) {
                const auto& [a_first, b_first] = replies[i - start];
                if (a_first.value && b_first.value) {
                    result.pairs.push_back({scoring::prompt_group(pairs[i].turns), *a_first.value, *b_first.value});
                } else if (result.without_value++ == 0) {
                    result.first_reason = a_first.value ? b_first.explanation : a_first.explanation;
                }
            }
            bar.update("pairs", end, pairs.size(), end);
            stop_if_interrupted("nothing was stored");
        }
    });
    return result;
}

scoring::Estimate estimate(const char* name, const reports::statistics::BootstrapMean& mean) {
    return {name, mean.value, mean.ci95};
}

std::string names_of(const std::vector<std::string>& files) {
    std::string names;
    for (const std::string& file : files)
        names += (names.empty() ? "" : ", ") + std::filesystem::path(file).filename().string();
    return names;
}

}  // namespace

PairAgreement evaluate_pairwise(const std::string& judge, const ScorerOptions& options,
                                const std::vector<std::string>& files, DatabaseToWrite& database) {
    const std::vector<scoring::PreferencePair> pairs = read_pairs(files);
    const Judged result = judged(judge, options, pairs);
    if (result.pairs.empty())
        throw base::UsageError(fmt::format("{}: the judge tells a preference for no pair; the first: {}",
                                           names_of(files), result.first_reason));
    const reports::statistics::PairwiseSummary summary = reports::statistics::pairwise_summary(result.pairs);
    PairAgreement agreement{.agreement = {}, .first_reason = result.first_reason};
    agreement.agreement.scorer = {estimate("preference", summary.score), estimate("consistent", summary.consistent),
                                  estimate("first_preferred", summary.first)};
    agreement.agreement.items = result.pairs.size();
    agreement.agreement.without_value = result.without_value;
    store::AccuracyStore(database.get())
        .set({.scorer = store::ScoreStore(database.get()).add_scorer(result.scorer),
              .scale = "preference",
              .labels_hash = scoring::data_hash(pairs),
              .labels = names_of(files),
              .items = result.pairs.size(),
              .metrics_json = scoring::to_json(agreement.agreement, {}).dump()});
    return agreement;
}

}  // namespace harness::cli
