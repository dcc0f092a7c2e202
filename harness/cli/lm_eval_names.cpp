#include "harness/cli/lm_eval_names.hpp"

#include <map>

namespace harness::cli {

std::string instead_of_lm_eval_option(const std::string& name) {
    static const std::map<std::string, std::string> kInstead = {
        {"--batch-size", "the engine forms its batches itself; --batch limits the tokens of one forward pass"},
        {"--cache-requests", "every answer is in the database, and the same command continues a run"},
        {"--check-integrity", "use 'suites check'"},
        {"--gen-kwargs", "use --temperature, --top-p, --top-k and --sampling-seed"},
        {"--log-samples", "every item is stored; use 'show --item' or 'export'"},
        {"--max-batch-size", "the engine forms its batches itself; --batch limits the tokens of one forward pass"},
        {"--model-args", "give the model's file to --model"},
        {"--output-path", "results are in the database, see --db; use 'export --format lm-eval' for its files"},
        {"--predict-only", "every answer is stored whether it is scored or not"},
        {"--show-config", "use 'suites show NAME' or 'show RUN --plan'"},
        {"--use-cache", "every answer is in the database, and the same command continues a run"},
        {"--verbosity", "use --verbose"},
        {"--write-out", "use 'suites render NAME'"},
    };
    const auto found = kInstead.find(name);
    return found == kInstead.end() ? "" : "; " + found->second;
}

}  // namespace harness::cli
