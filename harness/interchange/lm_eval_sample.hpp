#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interchange/error.hpp"
#include "harness/store/run_store.hpp"

/// Runs of other tools come in and go out here.
namespace harness::interchange {

/// Field of our own logs: as `resps`, but null where an output is UTF-8 and the base64 of its bytes where it is not.
constexpr const char* kOriginalBytes = "resps_base64";

/// One row of a sample log of lm-evaluation-harness: one document under one filter.
struct LmEvalSample {
    std::uint64_t doc = 0;
    std::string document_json;  ///< keys in the order of the log
    std::string target;
    std::string filter;         ///< empty: none
    bool filter_named = false;  ///< older logs do not tell of which filter a row is
    std::vector<store::RequestRow> requests;
    /// Named as in the store: "acc", "exact_match,strict-match"; of perplexities "loglikelihood", "words", "bytes".
    std::vector<store::ScoreRow> scores;
    std::vector<std::string> metrics;  ///< as aggregates are named: "acc", "word_perplexity"
    std::string generation_json;       ///< the settings of a generation, empty: none
    /// What the filter made of the first generation: what was graded. None: the log does not tell.
    std::optional<std::string> graded;
    std::string error;  ///< a log-probability is no number, so nothing of this row counts; empty: none

    /// Of a row that does not tell its filter: puts the filter and the names of scores and metrics right.
    void name_filter(const std::string& name);
};

/// Reads one sample. Both forms of `arguments` are known: a list of pairs, and an object of `gen_args_0` and so on with
/// `arg_0`, `arg_1`. Numbers and truth values may be strings, as the log writes them; Python's NaN and Infinity are
/// read. A log-probability of NaN, plus infinity or null makes the row one with an error; minus infinity is a number. A
/// metric whose entry is not a number (the inputs of an aggregate) is unscored, but for SQuAD's pairs of answer and
/// references, which are graded here. Throws InterchangeError and base::JsonError; `where` is the file and the row.
LmEvalSample parse_lm_eval_sample(std::string_view line, const std::string& where);

/// `metric` as the log aggregates it, with its filter: "exact_match,strict-match"; without one "acc".
std::string filtered_name(const std::string& metric, const std::string& filter);

/// word_perplexity, byte_perplexity, bits_per_byte.
bool is_perplexity(std::string_view metric);

}  // namespace harness::interchange
