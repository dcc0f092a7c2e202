#include "harness/scoring/judge_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/model/encode.hpp"
#include "harness/scoring/metric_settings.hpp"
#include "safety/judge/neutral_text.hpp"

namespace harness::scoring {
namespace {

bool fits(const engine::ScoreRequest& request, std::uint32_t context_length) {
    return request.context.size() + request.continuation.size() - 1 <= context_length;
}

std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

std::string explained(const safety::judge::Template& judge, const safety::judge::Verdict& verdict) {
    std::string text;
    for (std::size_t i = 0; i < judge.options.size(); ++i)
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ", judge.options[i].text, percent(verdict.probabilities[i]));
    return text + fmt::format("; these replies have {} of the probability", percent(verdict.mass));
}

/// One way to write a reply after a prompt.
struct Spelling {
    std::size_t option = 0;
    engine::ScoreRequest request;
};

/// Each reply as it is and after a space: which of the two a model writes depends on the texts that it was trained on.
std::vector<Spelling> spellings_of(engine::ChatFormat format, const engine::Tokenizer& tokenizer,
                                   const std::vector<engine::Message>& prompt, const safety::judge::Template& judge) {
    std::vector<Spelling> spellings;
    for (std::size_t option = 0; option < judge.options.size(); ++option) {
        const std::string& text = judge.options[option].text;
        spellings.push_back({option, model::encode_chat_pair(format, tokenizer, prompt, text)});
        if (text.starts_with(' ')) continue;
        engine::ScoreRequest spaced = model::encode_chat_pair(format, tokenizer, prompt, " " + text);
        // A chat format that strips answers writes both alike.
        if (spaced.continuation != spellings.back().request.continuation)
            spellings.push_back({option, std::move(spaced)});
    }
    return spellings;
}

/// log(exp(a) + exp(b))
double log_of_sum(double a, double b) {
    const double larger = std::max(a, b);
    return std::isfinite(larger) ? larger + std::log(std::exp(a - larger) + std::exp(b - larger)) : larger;
}

}  // namespace

JudgeModel::JudgeModel(engine::LanguageModel& model, engine::ChatFormat format, safety::judge::Template judge)
    : model_(model), format_(format), judge_(std::move(judge)) {}

suites::MetricDefinition JudgeModel::metric() const {
    const bool is_share = judge_.lowest() >= 0 && judge_.highest() <= 1;
    return {.name = judge_.metric,
            .direction = judge_.higher_is_better ? suites::Direction::HigherIsBetter : suites::Direction::LowerIsBetter,
            .interval = is_share ? suites::Interval::Share : suites::Interval::Real};
}

store::ScorerRow JudgeModel::identity() const {
    const engine::ModelCard& card = model_.card();
    const nlohmann::json settings = {{"model", card.name},
                                     {"chat_format", engine::to_string(format_)},
                                     {"numerics", card.numerics},
                                     {"device", card.device},
                                     {"context", card.context_length},
                                     {"replies", "as they are and after a space"},
                                     {"neutral_text", safety::judge::kNeutralTextVersion},
                                     {"metrics", metric_settings({metric()})}};
    return {.kind = "judge",
            .name = judge_.name,
            .version = judge_.version,
            .model_fingerprint = card.fingerprint,
            .prompt_hash = judge_.hash(),
            .settings_json = settings.dump()};
}

std::vector<JudgeReply> JudgeModel::replies(std::span<const std::string> prompts) const {
    std::vector<engine::ScoreRequest> requests;
    std::vector<std::size_t> options;  // of each request
    std::vector<std::size_t> ends;     // of each prompt's requests; none of a prompt that does not fit
    std::vector<JudgeReply> replies(prompts.size());
    const std::uint32_t context_length = model_.card().context_length;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const std::vector<engine::Message> prompt = {{engine::Role::User, prompts[i]}};
        std::vector<Spelling> spellings = spellings_of(format_, model_.tokenizer(), prompt, judge_);
        const bool does_fit = std::all_of(spellings.begin(), spellings.end(), [&](const Spelling& spelling) {
            return fits(spelling.request, context_length);
        });
        if (does_fit) {
            for (Spelling& spelling : spellings) {
                requests.push_back(std::move(spelling.request));
                options.push_back(spelling.option);
            }
        } else {
            replies[i].explanation = fmt::format("the judge's prompt has {} tokens, its context holds {}",
                                                 spellings.front().request.context.size(), context_length);
        }
        ends.push_back(requests.size());
    }
    const std::vector<engine::ScoreResult> results = model_.score(requests);
    std::size_t next = 0;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        if (next == ends[i]) continue;
        std::vector<double> logprobs(judge_.options.size(), -std::numeric_limits<double>::infinity());
        for (; next < ends[i]; ++next) {
            double& logprob = logprobs[options[next]];
            logprob = log_of_sum(logprob, results[next].logprob());
        }
        const safety::judge::Verdict verdict = safety::judge::verdict(judge_, logprobs);
        const bool has_answered = verdict.mass >= kLeastMass;
        replies[i] = {has_answered ? std::optional(verdict.value) : std::nullopt,
                      (has_answered ? "" : "the judge did not answer the question: ") + explained(judge_, verdict)};
    }
    return replies;
}

std::vector<suites::Message> without_marks(std::span<const suites::Message> turns) {
    std::vector<suites::Message> neutral(turns.begin(), turns.end());
    for (suites::Message& turn : neutral) turn.content = engine::neutralise_chat_marks(turn.content);
    return neutral;
}

}  // namespace harness::scoring
