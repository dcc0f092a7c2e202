#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interchange/error.hpp"
#include "harness/store/run_store.hpp"

/// Imports and exports runs in the formats of other tools.
namespace harness::interchange {

/// Field of our own logs: as `resps`, but null where an output is UTF-8 and the base64 of its bytes where it is not.
constexpr const char* kOriginalBytes = "resps_base64";

/// One row of a sample log of lm-evaluation-harness: one document under one filter.
struct LmEvalSample {
    std::uint64_t doc = 0;
    std::string document_json;  ///< keys in the order of the log
    std::string target;
    std::string filter;         ///< empty: none
    bool filter_named = false;  ///< older logs do not name a row's filter
    std::vector<store::RequestRow> requests;
    /// Named as in the store: "acc", "exact_match,strict-match"; for perplexities "loglikelihood", "words", "bytes".
    std::vector<store::ScoreRow> scores;
    std::vector<std::string> metrics;  ///< as aggregates are named: "acc", "word_perplexity"
    std::string generation_json;       ///< generation settings; empty: none
    /// The first generation after the filter, which was graded. nullopt: not in the log.
    std::optional<std::string> graded;
    std::string error;  ///< a log-probability is not a number, so the row is not scored; empty: none

    /// For a row without a filter name: sets the filter and the names of scores and metrics.
    void name_filter(const std::string& name);
};

/// Reads one sample. `arguments` may be a list of pairs, or an object of `gen_args_0` and so on with `arg_0`, `arg_1`.
/// Numbers and booleans may be strings, as the log writes them; Python's NaN and Infinity are read. A log-probability
/// of NaN, plus infinity or null makes the row one with an error; minus infinity is a number. A metric whose entry is
/// not a number (the inputs of an aggregate) is unscored, except SQuAD's pairs of answer and references, which are
/// graded here. Throws InterchangeError and base::JsonError; `where` is the file and the row.
LmEvalSample parse_lm_eval_sample(std::string_view line, const std::string& where);

/// Name of `metric` with its filter, as in aggregates: "exact_match,strict-match"; "acc" without a filter.
std::string filtered_name(const std::string& metric, const std::string& filter);

/// True for word_perplexity, byte_perplexity and bits_per_byte.
bool is_perplexity(std::string_view metric);

}  // namespace harness::interchange
