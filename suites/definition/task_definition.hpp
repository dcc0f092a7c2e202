#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <re2/re2.h>

#include "suites/data/documents.hpp"
#include "suites/definition/cluster.hpp"
#include "suites/definition/filter.hpp"
#include "suites/definition/metrics.hpp"
#include "suites/definition/template.hpp"
#include "suites/task.hpp"

namespace suites {
namespace definition {

/// Which files a task reads.
struct DataFiles {
    std::vector<std::string> test;  ///< the first existing file is read
    std::vector<std::string> shots;
    std::string preamble;
    data::Split split;
    std::optional<std::uint64_t> documents;  ///< rows of the full split
    std::optional<std::size_t> sample;       ///< number of documents, spread evenly over the split
};

struct FewShot {
    std::uint32_t count = 0;
    bool fixed = false;  ///< `--fewshot` does not change `count`
    data::Sampler sampler = data::Sampler::Random;
    std::optional<bool> extra_draw;  ///< see data::Sampling
    std::string preamble;
    std::string delimiter = "\n\n";
    Template prompt, answer;  ///< empty: examples have the form of questions
    std::vector<Row> rows;    ///< examples in the task file itself
};

/// How a row states its correct choices.
struct Gold {
    std::variant<std::size_t, FieldPath> answer = std::size_t{0};
    /// Labels that the answer refers to; none: the answer is an index.
    std::variant<std::monostate, std::vector<std::string>, FieldPath> labels;
    std::optional<FieldPath> mask;  ///< used instead of `answer` and `labels`
};

struct Choices {
    std::optional<FieldPath> list;  ///< field of the row with the choices
    std::vector<Template> forms;    ///< or one template per choice
    Gold gold;
    std::optional<std::string> calibration;
};

/// The grader of a task and its files: name for the grader -> path below the data folder.
struct TaskGrader {
    GraderEntry entry;
    std::map<std::string, std::string> files;
};

struct Generation {
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
    std::optional<TaskGrader> grader;
    Template submission;
    std::vector<std::string> likelihoods;
};

enum class PageTransform { None, Wikitext };

}  // namespace definition

/// A parsed task file. README.md explains the fields.
struct Task::Definition {
    std::string canonical;  ///< the definition as canonical JSON
    std::string name, profile, description, source, licence, citation;
    std::uint32_t version = 1;
    TaskKind kind = TaskKind::Choice;
    bool chat = false;

    definition::DataFiles data;
    definition::FewShot fewshot;
    std::vector<std::pair<std::string, definition::Template>> fields;
    std::optional<definition::Cluster> cluster;

    definition::Template system;
    std::vector<definition::Template> prompts;  ///< one, or one per choice; none with a conversation
    /// Field of the row with the turns of a conversation, which is used instead of a prompt.
    std::optional<definition::FieldPath> conversation;
    std::string target_delimiter = " ";
    definition::Template continuation;  ///< for several prompts, or for kind "continuation"
    definition::Choices choices;
    definition::Generation generation;
    definition::PageTransform page = definition::PageTransform::None;

    std::vector<definition::Metric> metrics;
    std::vector<MetricDefinition> metric_definitions;  ///< for each of `metrics`
    std::vector<MetricDefinition> counters;

    bool prompt_per_choice() const { return prompts.size() > 1; }
};

namespace definition {

/// Parses a task file. Throws SuiteError with all mistakes, one per line.
std::shared_ptr<const Task::Definition> parse_task(const nlohmann::json& object, const std::string& where,
                                                   const Graders& graders);

}  // namespace definition
}  // namespace suites
