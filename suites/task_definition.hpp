#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "suites/task.hpp"

namespace suites {

/// Takes a match out of a generation.
struct Filter {
    std::string name;
    std::shared_ptr<const RE2> pattern;
    bool last = false;  ///< the last match instead of the first
};

struct Task::Definition {
    std::string canonical;  ///< the JSON it came from
    std::string name, profile, description;
    std::uint32_t version = 1;
    RequestKind kind = RequestKind::Choice;
    bool chat = false;
    std::uint32_t fewshot = 0;
    bool first_n = false;         ///< examples are the first n of their split instead of random ones
    std::string preamble;         ///< before everything else in the prompt
    std::string target_delimiter = " ";
    std::string fewshot_delimiter = "\n\n";
    std::vector<std::string> columns;  ///< of data files without a row of names
    std::vector<std::string> test_files;  ///< the first that exists is read
    std::vector<std::string> shot_files;
    std::string prompt;
    std::string answer;           ///< generate: template of the reference answer
    std::string choices;          ///< choice: path of the texts
    std::string gold;             ///< choice: path of the index or label
    std::string gold_labels;      ///< choice: path of the labels; empty: gold is an index
    std::string transform;        ///< "" or "wikitext"
    std::string grader;           ///< generate: name in Graders
    std::vector<std::string> until;
    std::uint32_t max_tokens = 256;
    std::vector<Filter> filters;
    std::vector<std::shared_ptr<const RE2>> ignore;
    bool ignore_case = false;
    std::vector<MetricDefinition> metrics;
};

}  // namespace suites
