#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/error.hpp"
#include "harness/store/rows.hpp"

namespace harness::store {

class Database;

/// Runs with their tasks, metrics, groups and items. All functions throw StoreError.
class RunStore {
public:
    /// The database must outlive it.
    explicit RunStore(const Database& database);
    ~RunStore();
    RunStore(RunStore&&) noexcept;

    /// Finds the run with this plan hash, or creates it with its tasks and groups, in one transaction.
    RunRow open_run(const ModelRow& model, const RunRow& plan, const std::vector<RunTaskRow>& tasks,
                    const std::vector<GroupRow>& groups = {});
    /// Stores a complete run in one transaction, marked finished unless a task has fewer items than planned. An
    /// existing run with this plan hash is not changed.
    RunRow import_run(const ModelRow& model, const RunRow& plan, const std::vector<ImportedTask>& tasks);
    /// Empty `finished`: now. A finished run keeps its date.
    void finish_run(std::int64_t run, const std::string& finished = "");

    /// Stores a batch in one transaction. An existing item is not changed.
    void add_items(std::int64_t run_task, const std::vector<ItemRow>& items);
    /// Numbers of a task's stored documents.
    std::vector<std::uint64_t> finished_docs(std::int64_t run_task) const;

    /// Records that a shard of the run was begun or finished in this store. For messages only: computations and exports
    /// do not depend on it.
    void begin_shard(std::int64_t run, std::uint64_t part, std::uint64_t parts);
    void finish_shard(std::int64_t run, std::uint64_t part, std::uint64_t parts);
    /// Adds a record from another store. Of two records of one shard the earlier start and the later end are kept.
    void add_shard(std::int64_t run, const ShardRow& shard);
    std::vector<ShardRow> shards(std::int64_t run) const;

    std::vector<RunRow> runs() const;
    /// Accepts "latest", an id, or a unique prefix of the plan hash. Throws NoSuchRunError for no match or several.
    RunRow find_run(std::string_view reference) const;
    ModelRow model(std::string_view fingerprint) const;
    std::vector<RunTaskRow> tasks(std::int64_t run) const;
    std::vector<GroupRow> groups(std::int64_t run) const;
    /// Errors of a run, sorted by task and first document.
    std::vector<ErrorCount> errors(std::int64_t run) const;
    /// Reads every request of the run.
    TokenCounts token_counts(std::int64_t run) const;
    /// In document order. `limit` 0: all.
    std::vector<ItemRow> items(std::int64_t run_task, std::uint64_t offset = 0, std::uint64_t limit = 0) const;
    /// At most `limit` items from document `first_doc` on, for reading in pages a task that does not fit into memory.
    std::vector<ItemRow> page(std::int64_t run_task, std::uint64_t first_doc, std::uint64_t limit) const;
    std::optional<ItemRow> item(std::int64_t run_task, std::uint64_t doc) const;
    /// In document order; the first `limit` ones, or all.
    std::vector<DocumentRow> documents(std::int64_t run_task, std::optional<std::uint64_t> limit = {}) const;

    /// For constructing another store on the same connection.
    const Database& database() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
