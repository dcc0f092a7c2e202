#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace harness::store {

class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The file is no database of ours, or of a later schema: another is to be named.
class WrongFileError : public StoreError {
public:
    using StoreError::StoreError;
};

/// No run, or more than one, has the name that was given.
class NoSuchRunError : public StoreError {
public:
    using StoreError::StoreError;
};

struct ModelRow {
    std::string fingerprint;
    std::string name;
    std::string source;
    std::string card_json;
};

/// A run as planned. `plan_hash` identifies it: same plan, same run.
struct RunRow {
    std::int64_t id = 0;
    std::string plan_hash;
    std::string plan_json;
    std::string model_fingerprint;
    std::string model_name;
    std::string variant;   ///< what people read, e.g. "demo:chat"
    std::string created;   ///< UTC, ISO 8601
    std::string finished;  ///< empty while incomplete
};

struct RunTaskRow {
    std::int64_t id = 0;
    std::string task;
    std::uint32_t version = 0;
    std::string profile;
    std::uint32_t fewshot = 0;
    std::string definition_json;
    std::uint64_t planned_items = 0;
};

struct TokenRow {
    std::int32_t id = 0;
    double logprob = 0;

    friend bool operator==(const TokenRow&, const TokenRow&) = default;
};

struct RequestRow {
    std::string kind;     ///< "choice", "generate", "rolling"
    std::string context;  ///< text
    std::string continuation = {};
    std::string output = {};  ///< generate: raw
    std::string finish = {};  ///< generate: "eos", "stop", "length"
    double logprob = 0;
    bool greedy = false;
    std::uint32_t context_tokens = 0;
    std::vector<TokenRow> tokens = {};  ///< choice, rolling: of the continuation; generate: ids, logprob 0

    friend bool operator==(const RequestRow&, const RequestRow&) = default;
};

struct ScoreRow {
    std::string metric;
    std::optional<double> value;   ///< none: unscored
    std::string explanation = {};  ///< why it has this value, where the grader says so

    friend bool operator==(const ScoreRow&, const ScoreRow&) = default;
};

struct ItemRow {
    std::uint64_t doc = 0;
    std::string document_json;
    std::string target;
    std::string error;  ///< empty: none
    std::vector<RequestRow> requests;
    std::vector<ScoreRow> scores;  ///< sorted by metric

    friend bool operator==(const ItemRow&, const ItemRow&) = default;
};

/// A part of a run that was begun in a store: `part` of `parts`, from 1.
struct ShardRow {
    std::uint64_t part = 0;
    std::uint64_t parts = 0;

    friend auto operator<=>(const ShardRow&, const ShardRow&) = default;
};

/// A task of a run made elsewhere, with everything it has.
struct ImportedTask {
    RunTaskRow task;
    std::vector<ItemRow> items;
};

/// Everything a run keeps. One connection, one thread. All functions throw StoreError.
class RunStore {
public:
    /// Creates the file when missing and migrates an older one; a newer one is refused.
    explicit RunStore(const std::string& path);
    ~RunStore();
    RunStore(RunStore&&) noexcept;

    /// Finds the run of this plan hash or creates it with its tasks, in one transaction.
    RunRow open_run(const ModelRow& model, const RunRow& plan, const std::vector<RunTaskRow>& tasks);
    std::vector<RunTaskRow> tasks(std::int64_t run) const;
    /// Document indices that the store already holds for a task.
    std::vector<std::uint64_t> finished_docs(std::int64_t run_task) const;
    /// One transaction for the whole batch. An item that is already there is left as it is.
    void add_items(std::int64_t run_task, const std::vector<ItemRow>& items);
    void finish_run(std::int64_t run);
    /// Remembers that this part of the run was begun here. Nothing that is computed or exported depends on it.
    void add_shard(std::int64_t run, const ShardRow& shard);
    std::vector<ShardRow> shards(std::int64_t run) const;
    /// A whole run in one transaction, marked finished unless a task has fewer items than planned. A run of this plan
    /// hash that is there already is left as it is.
    RunRow import_run(const ModelRow& model, const RunRow& plan, const std::vector<ImportedTask>& tasks);

    std::vector<RunRow> runs() const;
    /// "latest", an id, or a unique prefix of the plan hash. Throws NoSuchRunError when there is none or several.
    RunRow find_run(std::string_view reference) const;
    ModelRow model(std::string_view fingerprint) const;
    /// In document order. `limit` 0 is all.
    std::vector<ItemRow> items(std::int64_t run_task, std::uint64_t offset = 0, std::uint64_t limit = 0) const;
    std::optional<ItemRow> item(std::int64_t run_task, std::uint64_t doc) const;
    /// Scores only, in document order: what aggregation needs.
    std::vector<ItemRow> item_scores(std::int64_t run_task) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
