#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "suites/error.hpp"
#include "suites/grader.hpp"
#include "suites/metric.hpp"
#include "suites/request.hpp"

namespace suites {

/// Where data files are looked for: the first folder that has a file is taken.
class DataFolders {
public:
    DataFolders(std::string folder) : paths_{std::move(folder)} {}  // NOLINT(*-explicit-*)
    DataFolders(const char* folder) : paths_{folder} {}             // NOLINT(*-explicit-*)
    explicit DataFolders(std::vector<std::string> folders) : paths_(std::move(folders)) {}

    const std::vector<std::string>& paths() const { return paths_; }

private:
    std::vector<std::string> paths_;
};

/// The scores of one item, with what graders say about them.
struct GradedItem {
    Scores scores;
    Explanations explanations;
};

/// One data set with one way to ask and to grade. Immutable after loading.
class Task {
public:
    /// `where` is the file's name for messages; a grader must be one of `graders`. Throws SuiteError that names every
    /// mistake, one a line.
    static Task from_json(const nlohmann::json& definition, const std::string& where, const Graders& graders);

    const std::string& name() const;
    std::uint32_t version() const;
    const std::string& profile() const;      ///< "lmeval", "demo", ...
    const std::string& description() const;  ///< one line for `suites list`
    TaskKind kind() const;
    std::uint32_t default_fewshot() const;
    /// The number of few-shot examples in each prompt when `asked` is what the user asks for: a task may fix its own.
    std::uint32_t fewshot(std::optional<std::uint32_t> asked) const;
    bool chat() const;  ///< prompts are user messages to be put into the model's chat format when it has one
    const std::vector<MetricDefinition>& metrics() const;
    /// What is counted apart from wrong answers: "extraction_failed,FILTER", "empty_output", "length_limited",
    /// "prompt_truncated", and the grader's. Means over items; an item has those its responses tell of.
    const std::vector<MetricDefinition>& counters() const;
    const std::string& source() const;   ///< data set
    const std::string& licence() const;  ///< of the data
    const std::string& citation() const;
    std::optional<std::uint64_t> documents() const;  ///< rows of the full split
    /// Grading runs a program that the model wrote: the caller supplies the grader.
    bool runs_programs() const;
    /// The same task with these fields of its definition replaced (null removes one), all but the grader. Throws
    /// SuiteError.
    Task with(const nlohmann::json& fields) const;
    /// The same task with a file that its definition names "set:NAME": JSON lines that live as long as the program.
    Task with_rows(std::string_view name, std::string_view content) const;
    /// The definition as canonical JSON; part of a run's plan hash.
    const std::string& definition() const;
    /// Whether its rows are in the program, so that there is nothing to fetch.
    bool is_embedded() const;
    /// Files the task reads, relative to the data folder ("arc/ARC-Easy/test.jsonl").
    std::vector<std::string> data_files() const;

    struct RenderOptions {
        std::optional<std::uint32_t> fewshot;  ///< none: the task's default
        std::optional<std::size_t> limit;      ///< the first N documents of those rendered
        std::uint64_t seed = 1234;             ///< of the few-shot draws
    };

    /// Reads the data (of demo tasks: embedded, `folders` are not used) and renders every document. Throws SuiteError.
    std::vector<Item> render(const DataFolders& folders, const RenderOptions& options) const;
    /// Every mistake of the data, at most 100, each with file and row; empty when all documents can be rendered.
    std::vector<std::string> check_data(const DataFolders& folders) const;

    /// The task's grader with the data that it needs. Empty for tasks without one. Throws SuiteError.
    PreparedGrader prepare_grader(const DataFolders& folders) const;
    /// `responses` in the order of `item.requests`; `grader` as prepared, or what the caller supplies in its place.
    /// Throws what the grader throws, and nothing else for any output.
    GradedItem grade(const Item& item, const std::vector<Response>& responses, const Grader& grader) const;
    /// What the filter takes out of the samples of one document, which are cut at the stop strings before; the first
    /// sample where the task has no such filter, "[invalid]" where extraction fails.
    std::string filtered(std::string_view filter, const std::vector<std::string>& samples) const;

    struct Definition;  ///< the parsed JSON, see definition/task_definition.hpp
    const Definition& parsed() const { return *definition_; }

private:
    explicit Task(std::shared_ptr<const Definition> definition);
    std::shared_ptr<const Definition> definition_;
};

}  // namespace suites
