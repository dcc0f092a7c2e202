#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <re2/re2.h>
#include <nlohmann/json.hpp>

#include "suites/filter.hpp"
#include "suites/metrics.hpp"
#include "suites/task.hpp"
#include "suites/template.hpp"
#include "suites/transforms/registry.hpp"

namespace suites {

/// A task file as parsed. The fields are those of the file; README.md says what each means.
struct Task::Definition {
    std::string canonical;  ///< the JSON it came from
    std::string name, profile, description, source, licence, citation;
    std::uint32_t version = 1;
    RequestKind kind = RequestKind::Choice;
    bool single = false;  ///< kind "continuation": one text is scored instead of several choices
    bool chat = false;

    std::uint32_t fewshot = 0;
    bool fewshot_fixed = false;
    bool first_n = false;
    std::optional<bool> extra_draw;  ///< none: where examples come from the tested split itself
    std::string preamble;
    std::string target_delimiter = " ";
    std::string fewshot_delimiter = "\n\n";
    Template shot_prompt, shot_answer;
    std::vector<Row> examples;

    std::vector<std::string> columns;
    std::vector<std::string> test_files;  ///< the first that exists is read
    std::vector<std::string> shot_files;
    std::string preamble_file;
    std::string lexicon_file;                                ///< ratings of words, of the grader "vader"
    std::string emoji_file;                                  ///< names of emoji, of the same; may be missing
    std::vector<std::pair<std::string, std::string>> where;  ///< rows whose field (first) is this text (second)
    std::optional<std::uint64_t> documents;                  ///< rows of the full split
    std::optional<std::size_t> sample;                       ///< this many documents, spread evenly over the split
    DocumentTransform document = nullptr;
    std::vector<std::pair<std::string, Template>> fields;

    std::vector<Template> prompts;  ///< one, or one per choice
    Template continuation;          ///< of several prompts, or of kind "continuation"
    std::optional<FieldPath> choice_list;
    std::vector<Template> choice_forms;
    std::variant<std::size_t, FieldPath> gold = std::size_t{0};
    std::variant<std::vector<std::string>, FieldPath> gold_labels;  ///< an empty list: gold is an index
    std::optional<FieldPath> gold_mask;
    std::optional<std::string> calibration;

    Template answer;
    std::optional<FieldPath> references;
    std::optional<FieldPath> wrong_references;
    std::vector<std::string> until;
    std::uint32_t max_tokens = 256;
    std::uint32_t repeats = 1;
    std::optional<float> temperature, top_p;
    std::vector<Filter> filters;
    std::vector<std::shared_ptr<const RE2>> ignore;
    bool ignore_case = false;
    bool ignore_punctuation = false;
    bool ignore_digits = false;
    std::string grader;
    Template submission;
    std::vector<std::string> likelihoods;

    std::string transform;  ///< rolling: "" or "wikitext"
    std::vector<Metric> metrics;
    std::vector<MetricDefinition> metric_definitions;  ///< of `metrics`, in their order
    std::vector<MetricDefinition> counters;
};

}  // namespace suites
