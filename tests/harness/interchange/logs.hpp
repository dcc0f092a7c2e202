#pragma once

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/interchange/lm_eval_import.hpp"
#include "tests/support/temporary.hpp"

/// Rows in the form of lm-evaluation-harness's sample logs, written by hand.
namespace logs {

/// Removes the line breaks that make a row readable here.
inline std::string line(std::string row) {
    std::erase(row, '\n');
    return row + "\n";
}

/// Two choices. The list form of `arguments`, numbers as numbers: logs before 0.4.5.
inline std::string choice_list(int doc, int acc = 1) {
    return line(fmt::format(R"({{"doc_id": {0}, "doc": {{"question": "Q{0}"}}, "target": 1,
        "arguments": [["Q{0}\nA:", " no"], ["Q{0}\nA:", " yes"]],
        "resps": [[[-2.5, false]], [[-0.25, true]]], "filtered_resps": [[-2.5, false], [-0.25, true]],
        "acc": {1}, "acc_norm": 0.0}})",
                            doc, acc));
}

/// The same document in the object form, with answers as strings: current logs.
inline std::string choice_object(int doc, int acc = 1) {
    return line(fmt::format(R"({{"doc_id": {0}, "doc": {{"question": "Q{0}"}}, "target": "1",
        "arguments": {{"gen_args_0": {{"arg_0": "Q{0}\nA:", "arg_1": " no"}}, "gen_args_1": {{"arg_0": "Q{0}\nA:", "arg_1": " yes"}}}},
        "resps": [[["-2.5", "False"]], [["-0.25", "True"]]], "filtered_resps": [["-2.5", "False"], ["-0.25", "True"]],
        "filter": "none", "metrics": ["acc", "acc_norm"], "doc_hash": "0", "prompt_hash": "0", "target_hash": "0",
        "acc": {1}, "acc_norm": 0.0}})",
                            doc, acc));
}

/// The intermediate object form: hashes, but neither filter nor names of metrics.
inline std::string choice_unnamed(int doc, int acc = 1) {
    nlohmann::ordered_json row = nlohmann::ordered_json::parse(choice_object(doc, acc));
    row.erase("filter");
    row.erase("metrics");
    return row.dump() + "\n";
}

/// The form before 0.4.3: one indented list in a file named .jsonl.
inline std::string as_list(const std::string& rows) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (std::size_t at = 0; at < rows.size(); at = rows.find('\n', at) + 1)
        list.push_back(nlohmann::ordered_json::parse(rows.substr(at, rows.find('\n', at) - at)));
    return list.dump(2);
}

/// A generation under one filter.
inline std::string generation(int doc, const std::string& filter, int exact) {
    return line(
        fmt::format(R"({{"doc_id": {}, "doc": {{"question": "6 x 12?", "answer": "#### 72"}}, "target": "#### 72",
        "arguments": {{"gen_args_0": {{"arg_0": "Question: 6 x 12?\nAnswer:", "arg_1": {{"until": ["Question:"], "do_sample": false}}}}}},
        "resps": [[" It is 72."]], "filtered_resps": ["72"],
        "filter": "{}", "metrics": ["exact_match"], "exact_match": {}}})",
                    doc, filter, exact));
}

inline std::string rolling(int doc) {
    return line(fmt::format(R"({{"doc_id": {}, "doc": {{"page": "One two three ."}}, "target": "One two three.",
        "arguments": {{"gen_args_0": {{"arg_0": "One two three."}}}}, "resps": [["-20.5"]], "filtered_resps": ["-20.5"],
        "filter": "none", "metrics": ["word_perplexity", "byte_perplexity", "bits_per_byte"],
        "word_perplexity": [-20.5, 4], "byte_perplexity": [-20.5, 15], "bits_per_byte": [-20.5, 15]}})",
                            doc));
}

inline void write(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
}

/// Reads logs and stores them as a run.
inline harness::store::RunRow import(harness::store::RunStore& store, const std::vector<std::string>& files,
                                     const std::string& model = "other") {
    const harness::interchange::ImportedRun run = harness::interchange::read_lm_eval({.files = files, .model = model});
    return store.import_run(run.model, run.plan, run.tasks);
}

}  // namespace logs
