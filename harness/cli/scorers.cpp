#include "harness/cli/scorers.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/model/model_source.hpp"
#include "harness/results/scorer_trust.hpp"
#include "harness/scoring/combined_scorer.hpp"
#include "harness/scoring/judge_scorer.hpp"
#include "harness/scoring/refusal_scorer.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_scorer.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "harness/store/reward_store.hpp"
#include "safety/error.hpp"
#include "suites/suggestion.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

constexpr std::string_view kJudge = "judge:";
constexpr std::string_view kReward = "reward:";
constexpr std::string_view kCombined = "combined:";
constexpr std::string_view kModelFile = ".gguf";

using Work = std::function<void(scoring::Scorer& scorer, ProgressBar& bar)>;

safety::judge::Template judge_template(const ScorerOptions& options) {
    const std::string& asked = options.judge_template;
    const bool is_pairwise = options.template_kind == TemplateKind::Pairwise;
    std::set<std::string> names;
    for (const safety::judge::Template& known : safety::judge::builtin_templates()) {
        if (known.is_pairwise() != is_pairwise) continue;
        if (known.name == asked) return known;
        names.insert(known.name);
    }
    if (asked.find('/') == std::string::npos && !asked.ends_with(".json")) {
        throw base::UsageError(fmt::format("--judge-template: '{}' is not known and no .json file{}", asked,
                                           suites::suggestion(asked, names)));
    }
    try {
        safety::judge::Template judge = safety::judge::parse_template(base::read_file(asked), asked);
        if (judge.is_pairwise() == is_pairwise) return judge;
        throw base::UsageError(fmt::format("--judge-template: {} {}", asked,
                                           is_pairwise ? "judges one answer; this verb needs one with {{first}} and "
                                                         "{{second}}"
                                                       : "compares two answers; 'bellwether judge compare' uses it"));
    } catch (const safety::PromptError& error) {
        throw base::UsageError(error.what());
    }
}

/// A reward model that is a file of its own, with its head in it.
void with_reward_file(const std::string& name, const ScorerOptions& options,
                      const std::function<const store::Database&()>& database, const Work& work) {
    const model::ModelSource source(name);
    ProgressBar bar("reward by " + source.variant(), "answers");
    bar.phase("opening the model");
    engine::EngineOptions engine = interruptible(options.engine, bar);
    engine.head = engine::Head::Scalar;
    const auto model = source.open(engine);
    const engine::ChatFormat format = source.chat_format(model->tokenizer(), options.chat_format);
    store::HiddenStateStore cache(database());
    scoring::RewardScorer scorer(*model, scoring::own_reward_model(*model, source.variant(), format), &cache);
    work(scorer, bar);
}

/// The two reward models of combined:SAFETY+HELPFULNESS; none where it is not of this form.
std::optional<std::pair<std::string, std::string>> combined_models(std::string_view scorer) {
    if (!scorer.starts_with(kCombined)) return std::nullopt;
    const std::string_view names = scorer.substr(kCombined.size());
    const std::size_t plus = names.find('+');
    if (plus == std::string_view::npos || plus == 0 || plus + 1 == names.size()) return std::nullopt;
    return std::pair{std::string(names.substr(0, plus)), std::string(names.substr(plus + 1))};
}

void with_reward(const std::string& name, const ScorerOptions& options, const store::Database& database,
                 const Work& work) {
    const scoring::RewardModel reward = scoring::reward_model(resolve_reward_model(store::RewardStore(database), name));
    const model::ModelSource source(backbone_of(reward, options.backbone));
    ProgressBar bar("reward by " + name, "answers");
    bar.phase("opening the model");
    const auto model = source.open(interruptible(options.engine, bar));
    store::HiddenStateStore cache(database);
    scoring::RewardScorer scorer(*model, reward, &cache);
    work(scorer, bar);
}

void with_combined(const std::string& safety, const std::string& helpfulness, const ScorerOptions& options,
                   const store::Database& database, const Work& work) {
    if (!options.backbone.empty())
        throw base::UsageError("--backbone is for one reward model; 'combined' opens the backbones of two");
    // Both are known before either's backbone is opened.
    for (const std::string& name : {safety, helpfulness}) resolve_reward_model(store::RewardStore(database), name);
    with_reward(safety, options, database, [&](scoring::Scorer& first, ProgressBar& bar) {
        with_reward(helpfulness, options, database, [&](scoring::Scorer& second, ProgressBar&) {
            scoring::CombinedScorer both(first, second);
            work(both, bar);
        });
    });
}

}  // namespace

void with_judge(const std::string& name, const ScorerOptions& options,
                const std::function<void(const scoring::JudgeModel& judge, ProgressBar& bar)>& work) {
    const safety::judge::Template judge = judge_template(options);
    const InterruptWatch watch;
    const model::ModelSource source(name);
    ProgressBar bar(fmt::format("{} by {}", judge.metric, source.variant()), "answers");
    bar.phase("opening the model");
    const auto model = source.open(interruptible(options.engine, bar));
    const engine::ChatFormat format = source.chat_format(model->tokenizer(), options.chat_format);
    work(scoring::JudgeModel(*model, format, judge), bar);
}

void scorer_options(Verb& verb, ScorerOptions& options) {
    verb.option("--judge-template", "NAME", text_not_empty(options.judge_template),
                "What the judge is asked: guard (default; is it unsafe?), behaviour (does it do what was asked?), "
                "rubric (safety from 1 to 5), or a .json file of your own");
    verb.option("--backbone", "MODEL", text_not_empty(options.backbone),
                "Backbone of the reward model (default: the MODEL that it was trained with)")
        .of_its_verb();
    chat_format_option(verb, options.chat_format);
    engine_options(verb, options.engine);
}

std::vector<std::string> scorer_names(const std::string& list) {
    std::vector<std::string> names = suites::split_at_commas(list);
    for (const std::string& name : names) {
        const auto is_of = [&name](std::string_view kind) {
            return name.starts_with(kind) && name.size() > kind.size();
        };
        if (name != "refusal" && !is_of(kJudge) && !is_of(kReward) && !combined_models(name)) {
            const std::string kind = name.substr(0, name.find(':'));
            const auto near = suites::nearest(kind, {"refusal", "judge", "reward", "combined"});
            throw base::UsageError(
                fmt::format("--with: '{}' is no scorer{}; the scorers are 'refusal', 'judge:MODEL', 'reward:NAME', "
                            "'reward:FILE.gguf' and 'combined:SAFETY+HELPFULNESS'",
                            name, near && *near != kind ? fmt::format("; did you mean \"{}\"?", *near) : ""));
        }
    }
    return names;
}

void check_template(const ScorerOptions& options) {
    judge_template(options);
}

bool is_reward_model(const std::string& scorer) {
    return scorer.starts_with(kReward) && !scorer.ends_with(kModelFile);
}

std::string judge_model_of(const std::string& scorer) {
    return scorer.starts_with(kJudge) ? scorer.substr(kJudge.size()) : "";
}

void with_scorer(const std::string& scorer, const ScorerOptions& options,
                 const std::function<const store::Database&()>& database, const Work& work) {
    if (const std::string name = judge_model_of(scorer); !name.empty()) {
        with_judge(name, options, [&work](const scoring::JudgeModel& judge, ProgressBar& bar) {
            scoring::JudgeScorer scorer_of_it(judge);
            work(scorer_of_it, bar);
        });
        return;
    }
    const InterruptWatch watch;
    if (scorer.starts_with(kReward) && scorer.ends_with(kModelFile)) {
        with_reward_file(scorer.substr(kReward.size()), options, database, work);
    } else if (const auto models = combined_models(scorer)) {
        with_combined(models->first, models->second, options, database(), work);
    } else if (is_reward_model(scorer)) {
        with_reward(scorer.substr(kReward.size()), options, database(), work);
    } else {
        ProgressBar bar("refusals", "answers");
        scoring::RefusalScorer refusals;
        work(refusals, bar);
    }
}

std::string trust_of(const std::string& scorer, const store::Database& database) {
    if (scorer.starts_with(kReward) && !is_reward_model(scorer))
        return "a reward model from elsewhere: what it is worth was not measured here; 'bellwether judge eval' "
               "measures it on labelled answers";
    const auto distrust = [&database](const std::string& name) {
        return results::reward_distrust(resolve_reward_model(store::RewardStore(database), name));
    };
    if (const auto models = combined_models(scorer)) {
        const std::string safety = distrust(models->first);
        const std::string helpfulness = distrust(models->second);
        return safety + (safety.empty() || helpfulness.empty() ? "" : "; ") + helpfulness;
    }
    if (!is_reward_model(scorer)) return "";
    return distrust(scorer.substr(kReward.size()));
}

void stop_if_interrupted(const std::string& then) {
    if (InterruptWatch::interrupted())
        throw engine::EngineError(engine::EngineError::Kind::Stopped, "interrupted; " + then);
}

}  // namespace harness::cli
