#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace suites {

/// A task definition or a data file is wrong; the message names file and field or row.
class SuiteError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class RequestKind { Choice, Generate, Rolling };
std::string_view to_string(RequestKind kind);  ///< "choice", "generate", "rolling"

/// One question to a model, as text.
struct Request {
    RequestKind kind = RequestKind::Choice;
    std::string context;                  ///< the prompt; empty for rolling
    std::string continuation;             ///< choice: what is scored; rolling: the whole text
    std::vector<std::string> until = {};  ///< generate: stop strings
    std::uint32_t max_tokens = 256;       ///< generate
    /// Bytes at the end of `context` that are the question itself. Cutting the context on the left within them changes
    /// what is asked; cutting before them loses examples only.
    std::size_t question_bytes = 0;
    /// choice: bytes at the start of `continuation` that stand between question and answer in running text only; a chat
    /// prompt has an end of its own.
    std::size_t delimiter_bytes = 0;
    std::uint32_t sample = 0;               ///< generate: which of several samples of the same prompt
    std::optional<float> temperature = {};  ///< generate: set by the task, before the command line's
    std::optional<float> top_p = {};        ///< generate: likewise
};

/// What a grader reads: a raw generation, or the task's `submission` with the generation in it.
struct GradedText {
    std::string_view text;
    /// Where the generation ends in `text`; what follows is the task's own. 0: not known.
    std::size_t answer_end = 0;

    GradedText(std::string_view whole, std::size_t end = 0) : text(whole), answer_end(end) {}  // NOLINT(*-explicit-*)
    GradedText(const char* whole) : text(whole) {}                                             // NOLINT(*-explicit-*)
    GradedText(const std::string& whole) : text(whole) {}                                      // NOLINT(*-explicit-*)
    operator std::string_view() const { return text; }                                         // NOLINT(*-explicit-*)
};

/// What a grader says of a text. Made from a number alone by graders that have nothing to explain.
struct Grade {
    std::optional<double> value;                ///< none: unscored
    std::string explanation = {};               ///< for people: why it is this value; may be empty
    std::map<std::string, double> counts = {};  ///< the task's counters that a grader knows of, 1 or 0 each

    Grade(std::optional<double> graded = {}) : value(graded) {}  // NOLINT(*-explicit-*)
    Grade(std::nullopt_t) {}                                     // NOLINT(*-explicit-*)
    Grade(double graded) : value(graded) {}                      // NOLINT(*-explicit-*)
};

/// Grades a text by a rule that JSON cannot say. Registered by name.
using Grader = std::function<Grade(const GradedText&)>;
using Graders = std::map<std::string, Grader, std::less<>>;

/// A rendered document: what is asked, and what the answer is graded against.
struct Item {
    std::size_t doc = 0;   ///< index in the split, 0-based
    std::string document;  ///< the row as compact JSON, with what the task added to it
    std::vector<Request> requests;
    /// choice: index of the right one, or "0,2" when several are; generate: reference answer, or a JSON list of
    /// several, or which data the grader has
    std::string target;
    std::vector<std::string> choices = {};  ///< choice: text without the delimiter, for normalising
    std::uint64_t words = 0;                ///< rolling: of the original page
    std::uint64_t bytes = 0;                ///< rolling: of the original page
    /// generate: every accepted answer. Empty: `target` is the one, unless `unanswerable`
    std::vector<std::string> references = {};
    bool unanswerable = false;  ///< generate: no answer is right
    /// The row as the data set has it, as compact JSON with the keys in the order of the file; a row of which several
    /// documents are made has none of its own, and this is empty.
    std::string original = {};
    /// generate: the task's grader where that is a rule with data of its own, read with the documents; `target` tells
    /// them apart. A grader of `Graders` goes first.
    Grader grader = {};
};

/// What a model answered to one request.
struct Response {
    double logprob = 0;                       ///< choice and rolling
    bool greedy = false;                      ///< choice
    std::string output;                       ///< generate, raw
    std::optional<bool> truncated = {};       ///< the context was cut on the left; none: not known
    std::optional<bool> length_limited = {};  ///< generate: stopped by `max_tokens`; none: not known
};

/// Metric name -> value of one item; nullopt is unscored (not wrong). For rolling tasks the scores are the
/// sums "loglikelihood", "words", "bytes". A filtered metric is named `exact_match,strict-match`. Beside the metrics
/// stand the task's counters, 1 or 0 each: what went wrong apart from the answer being wrong.
using Scores = std::map<std::string, std::optional<double>, std::less<>>;
/// Metric name -> why it has its value, for the metrics whose grader explains itself.
using Explanations = std::map<std::string, std::string, std::less<>>;

/// How an item's scores become one number.
enum class Aggregation {
    Mean,
    WordPerplexity,
    BytePerplexity,
    BitsPerByte,
    ExpMinusMean,  ///< of log-probabilities
    BestExact,     ///< SQuAD's best_exact: "exact" at the best threshold of "no_answer_probability"
    BestF1,
};

struct MetricDefinition {
    std::string name;
    Aggregation aggregation = Aggregation::Mean;
    bool higher_is_better = true;
};

/// One data set with one way to ask and to grade. Immutable after loading.
class Task {
public:
    /// `where` is the file's name for messages. Throws SuiteError.
    static Task from_json(const nlohmann::json& definition, const std::string& where);

    const std::string& name() const;
    std::uint32_t version() const;
    /// Grading runs a program that the model wrote: the caller supplies the grader "python".
    bool runs_code() const;
    const std::string& profile() const;      ///< "lmeval", "demo", ...
    const std::string& description() const;  ///< one line for `suites list`
    RequestKind kind() const;
    std::uint32_t default_fewshot() const;
    /// The number of few-shot examples in each prompt when `asked` is what the user asks for: a task may fix its own.
    std::uint32_t fewshot(std::optional<std::uint32_t> asked) const;
    bool chat() const;  ///< prompts are user messages to be put into the model's chat format when it has one
    const std::vector<MetricDefinition>& metrics() const;
    /// What is counted apart from wrong answers: "extraction_failed,FILTER", "empty_output", "length_limited",
    /// "prompt_truncated". Means over items; an item has those its responses tell of.
    const std::vector<MetricDefinition>& counters() const;
    const std::string& source() const;   ///< data set
    const std::string& licence() const;  ///< of the data
    const std::string& citation() const;
    std::optional<std::uint64_t> documents() const;  ///< rows of the full split
    /// The same task with these fields of its definition replaced (null removes one). Throws SuiteError.
    Task with(const nlohmann::json& fields) const;
    /// The definition as canonical JSON; part of a run's plan hash.
    const std::string& definition() const;
    /// Files the task reads, relative to the data folder ("arc/ARC-Easy/test.jsonl").
    std::vector<std::string> data_files() const;

    struct RenderOptions {
        std::optional<std::uint32_t> fewshot;  ///< none: the task's default
        std::optional<std::size_t> limit;      ///< the first N documents of those rendered
        std::uint64_t seed = 1234;             ///< of the few-shot draws
    };

    /// Reads the data from `data_dir` (demo tasks: embedded, `data_dir` is not used) and renders every document.
    /// Throws SuiteError.
    std::vector<Item> render(const std::string& data_dir, const RenderOptions& options) const;

    /// `responses` in the order of `item.requests`. `explanations`, where there is one, receives what graders explain.
    /// Throws what a grader throws, and nothing else for any output.
    Scores grade(const Item& item, const std::vector<Response>& responses, const Graders& graders,
                 Explanations* explanations = nullptr) const;

    struct Definition;  ///< the parsed JSON, see task_definition.hpp
    const Definition& parsed() const { return *definition_; }

private:
    explicit Task(std::shared_ptr<const Definition> definition);
    std::shared_ptr<const Definition> definition_;
};

/// The tasks of the catalogue (see catalog.hpp): those built in, and those of `--tasks` folders.
const std::vector<Task>& builtin_tasks();
/// A comma list of task, family and group names -> tasks in that order, each once, with the groups' numbers of
/// examples. Throws SuiteError naming near misses.
std::vector<Task> select_tasks(std::string_view comma_list);

/// One metric over items. `stderr_` by the sample standard deviation over sqrt(n); perplexities by the delta method.
/// Values with nullopt are left out.
struct Aggregate {
    double value = 0;
    double standard_error = 0;
    std::size_t items = 0;
};
std::optional<Aggregate> aggregate(const MetricDefinition& metric, const std::vector<Scores>& items);

}  // namespace suites
