#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/verb.hpp"
#include "harness/scoring/judge_model.hpp"
#include "harness/scoring/scorer.hpp"
#include "harness/store/database.hpp"

/// Scorers as the command line names them: refusal, judge:MODEL, reward:NAME, reward:FILE.gguf,
/// combined:SAFETY+HELPFULNESS.
namespace harness::cli {

/// Whether a judge's template judges one answer or compares two.
enum class TemplateKind { Single, Pairwise };

/// Options of the scorers that need a model.
struct ScorerOptions {
    TemplateKind template_kind = TemplateKind::Single;  ///< what the verb needs
    std::string judge_template = "guard";
    std::string backbone = {};  ///< empty: the model that the reward model was trained with
    std::string chat_format = {};
    engine::EngineOptions engine = {};
};

constexpr const char* kScorerHelp =
    "refusal: the refusal detector; judge:MODEL: a model as judge, which is a GGUF file or a demo model; reward:NAME: "
    "a reward model of this database, or a GGUF file with a scalar head; combined:SAFETY+HELPFULNESS: two of its "
    "reward "
    "models as one (Llama 2 paper, section 3.2.3)";

/// Adds --judge-template, --backbone, --chat-format and the options of the engine.
void scorer_options(Verb& verb, ScorerOptions& options);

/// The scorers of a comma list. Throws UsageError for what is none.
std::vector<std::string> scorer_names(const std::string& list);

/// Throws UsageError when the judge's template is not known, not valid or of the other kind, before anything is opened.
void check_template(const ScorerOptions& options);

/// Whether a scorer is a reward model of the database, and not a file.
bool is_reward_model(const std::string& scorer);

/// The MODEL of judge:MODEL; empty for another scorer.
std::string judge_model_of(const std::string& scorer);

/// Opens a scorer for some work, during which Ctrl-C is caught. The bar says what is done.
void with_scorer(const std::string& scorer, const ScorerOptions& options,
                 const std::function<const store::Database&()>& database,
                 const std::function<void(scoring::Scorer& scorer, ProgressBar& bar)>& work);

/// Opens a model with its template for some work, as with_scorer.
void with_judge(const std::string& model, const ScorerOptions& options,
                const std::function<void(const scoring::JudgeModel& judge, ProgressBar& bar)>& work);

/// Why the scores of a scorer are not to be trusted; empty: nothing is known against them.
std::string trust_of(const std::string& scorer, const store::Database& database);

/// Throws EngineError (Stopped) after Ctrl-C: "interrupted; " and `then`.
void stop_if_interrupted(const std::string& then);

}  // namespace harness::cli
