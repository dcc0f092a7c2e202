#include "harness/cli/lm_eval_names.hpp"

#include <map>

namespace harness::cli {

std::string instead_of_lm_eval_option(const std::string& name) {
    static const std::map<std::string, std::string> kInstead = {
        {"--batch-size", "the engine forms its batches itself; --batch limits the tokens of one forward pass"},
        {"--cache-requests", "every answer is in the database, and the same command continues a run"},
        {"--check-integrity", "use 'suites check'"},
        {"--fewshot-as-multiturn", "use --chat; few-shot examples then are turns where the task says so"},
        {"--gen-kwargs", "use --temperature, --top-p, --top-k and --sampling-seed"},
        {"--hf-hub-log-args", "nothing is uploaded; 'export --format lm-eval' writes the files"},
        {"--log-samples", "every item is stored; use 'show --item' or 'export'"},
        {"--list-tasks", "use 'suites list'"},
        {"--max-batch-size", "the engine forms its batches itself; --batch limits the tokens of one forward pass"},
        {"--model-args", "give the model's file to --model"},
        {"--output-path", "results are in the database, see --db; use 'export --format lm-eval' for its files"},
        {"--predict-only", "every answer is stored whether it is scored or not"},
        {"--samples", "use --limit for the first N documents, or a task file with \"sample\""},
        {"--show-config", "use 'suites show NAME' or 'show RUN --plan'"},
        {"--trust-remote-code", "no code of data sets is run"},
        {"--use-cache", "every answer is in the database, and the same command continues a run"},
        {"--verbosity", "use --verbose"},
        {"--wandb-args", "nothing is uploaded; 'export' writes files"},
        {"--write-out", "use 'suites render NAME'"},
    };
    const auto found = kInstead.find(name);
    return found == kInstead.end() ? "" : "; " + found->second;
}

std::string instead_of_other_verb(const std::string& word) {
    static const std::map<std::string, std::string> kInstead = {
        {"chat", "generate"},     {"complete", "generate"},     {"diff", "compare"},      {"download", "suites fetch"},
        {"eval", "run"},          {"evaluate", "run"},          {"info", "inspect"},      {"lm-eval", "run"},
        {"lm_eval", "run"},       {"ls", "suites list"},        {"result", "show"},       {"results", "show"},
        {"tasks", "suites list"}, {"validate", "suites check"}, {"version", "--version"},
    };
    const auto found = kInstead.find(word);
    return found == kInstead.end() ? "" : found->second;
}

}  // namespace harness::cli
