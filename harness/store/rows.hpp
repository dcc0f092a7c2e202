#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace harness::store {

/// A model used by runs. What varies between runs of one model (device, numerics) is in RunRow.
struct ModelRow {
    std::string fingerprint;
    std::string name;
    std::string source;
    std::string card_json;
};

/// A planned run. `plan_hash` identifies it: same plan, same run.
struct RunRow {
    std::int64_t id = 0;
    std::string plan_hash;
    std::string plan_json;
    std::string model_fingerprint;
    std::string model_name;
    std::string variant;        ///< display name, e.g. "demo:chat"
    std::string created;        ///< UTC, ISO 8601; empty in open_run: now
    std::string finished;       ///< empty while incomplete
    std::string numerics = {};  ///< arithmetic of the kernels; empty: unknown
    std::string device = {};    ///< name of the device that it ran on
    std::string driver = {};    ///< empty: part of `device`, or unknown
    std::string engine_version = {};
    std::string settings_json = "{}";  ///< BOS, chat format, system prompt, seeds, sampling: an object of plain values
    std::string warnings_json = "[]";  ///< the engine's warnings about the model file: a list of strings
};

/// How the scores of one metric are aggregated and shown. Strings as in the metric table of `suites`.
struct MetricRow {
    std::string name;                  ///< with its filter, "exact_match,strict-match"
    std::string kind = "metric";       ///< or "counter": counts problems other than wrong answers
    std::string direction = "higher";  ///< or "lower": the better direction
    std::string aggregation = "mean";
    std::string interval = "real";
    std::string filter = {};           ///< empty: the output as it is
    std::uint32_t grader_version = 0;  ///< of its grader; 0: a rule of the metric table

    friend bool operator==(const MetricRow&, const MetricRow&) = default;
};

/// The source of a score: the task's own grader, an imported log, or a scorer that read stored outputs later.
struct ScorerRow {
    std::int64_t id = 0;
    std::string kind = "task";  ///< "task", "import", "refusal", "judge", "reward"
    std::string name = {};
    std::uint32_t version = 1;
    std::string model_fingerprint = {};  ///< of a judge or reward model
    std::string prompt_hash = {};        ///< of a judge's prompt
    std::string settings_json = "{}";
};

struct RunTaskRow {
    std::int64_t id = 0;
    std::string task;
    std::uint32_t version = 0;
    std::string profile;
    std::uint32_t fewshot = 0;
    std::string definition_json;  ///< for provenance only: not read to show or export a run
    std::uint64_t planned_items = 0;
    std::string kind = "choice";          ///< "choice", "continuation", "generate", "rolling"
    std::string selection = "leading";    ///< "leading": documents 0 to planned_items - 1; "sample": others
    std::string generation_json = {};     ///< in lm-evaluation-harness's names; empty: no generation
    std::string settings_json = "{}";     ///< settings of this task only, such as how its programs were confined
    std::vector<MetricRow> metrics = {};  ///< metrics, then counters, in the order in which they are shown
    /// Source of the scores that its items are stored with. Empty name: the grader of this task and version.
    ScorerRow scorer = {};
};

/// A member of a group: a task or a group of the same run.
struct GroupMemberRow {
    std::string name;
    std::string metric = {};  ///< empty: the task's first metric

    friend bool operator==(const GroupMemberRow&, const GroupMemberRow&) = default;
};

/// A group that a run was started with, or a group nested in one.
struct GroupRow {
    std::string name;
    std::string profile;
    std::string weighting = "members";  ///< "documents", "members", "none"
    std::vector<GroupMemberRow> members;

    friend bool operator==(const GroupRow&, const GroupRow&) = default;
};

struct TokenRow {
    std::int32_t id = 0;
    double logprob = 0;

    friend bool operator==(const TokenRow&, const TokenRow&) = default;
};

struct RequestRow {
    std::string kind;     ///< "choice", "generate", "rolling"
    std::string context;  ///< the prompt as the model got it
    std::string continuation = {};
    std::string output = {};  ///< generate: unfiltered
    std::string finish = {};  ///< generate: "eos", "stop", "length"
    double logprob = 0;
    bool greedy = false;
    std::uint32_t context_tokens = 0;
    std::vector<TokenRow> tokens = {};  ///< choice, rolling: continuation; generate: output ids, logprob 0
    std::uint64_t cut_tokens = 0;       ///< tokens cut on the left of the prompt

    friend bool operator==(const RequestRow&, const RequestRow&) = default;
};

struct ScoreRow {
    std::string metric;
    std::optional<double> value;   ///< none: unscored
    std::string explanation = {};  ///< reason for the value; empty: none
    std::int64_t scorer = 0;       ///< 0 in add_items: the task's own
    /// Index of the request whose answer has this value; none: the item as a whole. Scores of the task's own scorer
    /// have none.
    std::optional<std::uint64_t> position = {};

    friend bool operator==(const ScoreRow&, const ScoreRow&) = default;
};

/// An item's outputs after a filter.
struct AnswerRow {
    std::string filter;
    std::string text;

    friend bool operator==(const AnswerRow&, const AnswerRow&) = default;
};

/// An item without its requests and answers.
struct DocumentRow {
    std::uint64_t doc = 0;
    std::string document_json;
    std::string target;
};

/// A document while it is read: the views are valid during the call that gets it.
struct DocumentView {
    std::uint64_t doc = 0;
    std::string_view document_json;
    std::string_view target;
};
using UseDocument = std::function<void(const DocumentView&)>;

struct ItemRow {
    std::uint64_t doc = 0;
    std::string document_json;
    std::string target;
    std::string error;  ///< empty: none
    std::vector<RequestRow> requests;
    std::vector<ScoreRow> scores;         ///< of the task's own scorer, sorted by metric
    std::vector<AnswerRow> answers = {};  ///< sorted by filter; none for runs of schema 2 and before
    std::vector<ScoreRow> later = {};     ///< of scorers that read the stored outputs; by scorer, metric, position

    friend bool operator==(const ItemRow&, const ItemRow&) = default;
};

/// A shard of a run that was begun in a store: `part` of `parts`, from 1.
struct ShardRow {
    std::uint64_t part = 0;
    std::uint64_t parts = 0;
    std::string created = {};   ///< empty: unknown
    std::string finished = {};  ///< empty: unfinished, or unknown

    friend auto operator<=>(const ShardRow&, const ShardRow&) = default;
};

/// Whose scores a task has that was answered elsewhere.
enum class GradedBy {
    Elsewhere,    ///< the tool whose log was read
    ThisHarness,  ///< the task's own grader read the outputs
};

/// A task of a run made elsewhere, with everything it has.
struct ImportedTask {
    RunTaskRow task;
    std::vector<ItemRow> items;
    GradedBy graded = GradedBy::Elsewhere;
};

/// A reward model: a scalar head on the hidden states of a backbone.
struct RewardModelRow {
    std::int64_t id = 0;
    std::string name;                  ///< unique in a file
    std::string created = {};          ///< UTC, ISO 8601; empty in add: now
    std::string fingerprint;           ///< of the backbone
    std::string backbone;              ///< its name, e.g. "demo:chat"
    std::string head_json;             ///< artifact of safety/reward, with the learning curve
    std::string data_hash;             ///< of the pairs that it was trained on
    std::string settings_json = "{}";  ///< layer, pooling, chat format, numerics, device, seed: an object
    std::string metrics_json = "{}";   ///< what its evaluation found: an object; empty before the first evaluation

    friend bool operator==(const RewardModelRow&, const RewardModelRow&) = default;
};

/// How far a scorer agrees with people on a file of labels.
struct ScorerAccuracyRow {
    std::int64_t scorer = 0;  ///< id of its ScorerRow
    /// "refusal" (classes), "harm" (safe, unsafe), "rating" (1 to 5), "preference" (which of two is better).
    std::string scale;
    std::string labels_hash;   ///< SHA-256 (hex) of the file, or of its pairs
    std::string labels;        ///< its name without folders
    std::uint64_t items = 0;   ///< labelled answers, or pairs, that the scorer gave a value
    std::string metrics_json;  ///< agreement with intervals, and of people among themselves: store/README.md
    std::string created = {};  ///< UTC, ISO 8601; empty in set: now

    friend bool operator==(const ScorerAccuracyRow&, const ScorerAccuracyRow&) = default;
};

/// A stored answer: the request at `position` of an item.
struct AnswerPlace {
    std::int64_t run_task = 0;
    std::uint64_t doc = 0;
    std::uint64_t position = 0;

    friend auto operator<=>(const AnswerPlace&, const AnswerPlace&) = default;  // NOLINT(modernize-use-nullptr): of <=>
};

/// Which answer of a pair a judge was shown first.
enum class ShownFirst { A, B };

/// Which of two answers to one prompt a judge prefers, for one order of the two.
struct PairJudgementRow {
    AnswerPlace a;
    AnswerPlace b;
    ShownFirst first = ShownFirst::A;
    std::optional<double> preference;  ///< 1: answer a, 0: answer b, 0.5: neither; none: the judge gave none
    std::string explanation = {};

    friend bool operator==(const PairJudgementRow&, const PairJudgementRow&) = default;
};

/// Where hidden states were taken: all that can change their bits besides the tokens.
struct HiddenStateSource {
    std::string fingerprint;
    std::string numerics;
    std::string device;
    std::uint32_t layer = 0;
    std::string pooling = "last";  ///< or "mean"
};

/// Tokens of all requests of a run.
struct TokenCounts {
    std::uint64_t prompts = 0;  ///< a prompt that several requests share counts in each
    std::uint64_t answers = 0;  ///< generated, or scored as continuations
};

/// Number of items of a task with the same error.
struct ErrorCount {
    std::int64_t run_task = 0;
    std::string error;
    std::uint64_t items = 0;
    std::uint64_t first_doc = 0;
};

}  // namespace harness::store
