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

/// Folders in which data files are searched; a file is read from the first folder that has it.
class DataFolders {
public:
    DataFolders(std::string folder) : paths_{std::move(folder)} {}  // NOLINT(*-explicit-*)
    DataFolders(const char* folder) : paths_{folder} {}             // NOLINT(*-explicit-*)
    explicit DataFolders(std::vector<std::string> folders) : paths_(std::move(folders)) {}

    const std::vector<std::string>& paths() const { return paths_; }

private:
    std::vector<std::string> paths_;
};

/// The scores of one item, with the graders' explanations.
struct GradedItem {
    Scores scores;
    Explanations explanations;
};

/// A data set with its prompts and its grading. Immutable after loading.
class Task {
public:
    /// `where`: the file's name, for error messages. A grader must be one of `graders`. Throws SuiteError with all
    /// mistakes, one per line.
    static Task from_json(const nlohmann::json& definition, const std::string& where, const Graders& graders);

    const std::string& name() const;
    std::uint32_t version() const;
    const std::string& profile() const;      ///< "lmeval", "demo", ...
    const std::string& description() const;  ///< one line for `suites list`
    TaskKind kind() const;
    std::uint32_t default_fewshot() const;
    /// The number of few-shot examples per prompt when the user asks for `asked`; a task may fix its own number.
    std::uint32_t fewshot(std::optional<std::uint32_t> asked) const;
    bool chat() const;  ///< prompts are user messages, in the model's chat format if it has one
    const std::vector<MetricDefinition>& metrics() const;
    /// Counters of problems other than wrong answers: "extraction_failed,FILTER", "empty_output", "length_limited",
    /// "prompt_truncated", and the grader's counters. Reported as means over items; an item only has the counters that
    /// its responses give.
    const std::vector<MetricDefinition>& counters() const;
    const std::string& source() const;   ///< the data set
    const std::string& licence() const;  ///< licence of the data
    const std::string& citation() const;
    std::optional<std::uint64_t> documents() const;  ///< number of rows of the full split
    /// Whether grading runs programs written by the model; the caller then supplies the grader.
    bool runs_programs() const;
    /// A copy with these fields of the definition replaced (null removes a field); the grader cannot be replaced.
    /// Throws SuiteError.
    Task with(const nlohmann::json& fields) const;
    /// A copy with the rows of the file that its definition names "set:NAME". `content`: JSON lines that live as long
    /// as the program.
    Task with_rows(std::string_view name, std::string_view content) const;
    /// The definition as canonical JSON; part of a run's plan hash.
    const std::string& definition() const;
    /// Whether its rows are in the binary, so that there is nothing to fetch.
    bool is_embedded() const;
    /// Files that the task reads, relative to the data folder ("arc/ARC-Easy/test.jsonl").
    std::vector<std::string> data_files() const;

    struct RenderOptions {
        std::optional<std::uint32_t> fewshot;  ///< nullopt: the task's default
        std::optional<std::size_t> limit;      ///< maximum number of documents
        std::uint64_t seed = 1234;             ///< for few-shot sampling
    };

    /// Reads the data and renders every document. Tasks with embedded data do not use `folders`. Throws SuiteError.
    std::vector<Item> render(const DataFolders& folders, const RenderOptions& options) const;
    /// All mistakes of the data, at most 100, each with file and row; empty when all documents can be rendered.
    std::vector<std::string> check_data(const DataFolders& folders) const;

    /// The task's grader with its data; empty for tasks without a grader. Throws SuiteError.
    PreparedGrader prepare_grader(const DataFolders& folders) const;
    /// Grades one item. `responses` in the order of `item.requests`; `grader` from prepare_grader(), or supplied by the
    /// caller. Throws only what the grader throws, whatever the outputs are.
    GradedItem grade(const Item& item, const std::vector<Response>& responses, const Grader& grader) const;
    /// The answer that the filter extracts from the samples of one document after they are cut at the stop strings;
    /// "[invalid]" when extraction fails; the first sample when the task has no such filter.
    std::string filtered(std::string_view filter, const std::vector<std::string>& samples) const;

    struct Definition;  ///< the parsed JSON, see definition/task_definition.hpp
    const Definition& parsed() const { return *definition_; }

private:
    explicit Task(std::shared_ptr<const Definition> definition);
    std::shared_ptr<const Definition> definition_;
};

}  // namespace suites
