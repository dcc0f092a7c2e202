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

    /// Finds the run of this plan hash or creates it with its tasks and groups, in one transaction.
    RunRow open_run(const ModelRow& model, const RunRow& plan, const std::vector<RunTaskRow>& tasks,
                    const std::vector<GroupRow>& groups = {});
    /// A whole run in one transaction, marked finished unless a task has fewer items than planned. A run of this plan
    /// hash that is there already is left as it is.
    RunRow import_run(const ModelRow& model, const RunRow& plan, const std::vector<ImportedTask>& tasks);
    /// `finished` empty: now. A run that is finished keeps its date.
    void finish_run(std::int64_t run, const std::string& finished = "");

    /// One transaction for the whole batch. An item that is there already stays as it is.
    void add_items(std::int64_t run_task, const std::vector<ItemRow>& items);
    /// Numbers of the documents that a task has.
    std::vector<std::uint64_t> finished_docs(std::int64_t run_task) const;

    /// Remembers that this part of the run is worked on here, or done. Nothing that is computed or exported depends on
    /// it.
    void begin_shard(std::int64_t run, std::uint64_t part, std::uint64_t parts);
    void finish_shard(std::int64_t run, std::uint64_t part, std::uint64_t parts);
    /// As another store has it. Of two records of one shard the first beginning and the last end are kept.
    void add_shard(std::int64_t run, const ShardRow& shard);
    std::vector<ShardRow> shards(std::int64_t run) const;

    std::vector<RunRow> runs() const;
    /// "latest", an id, or a unique prefix of the plan hash. Throws NoSuchRunError when there is none or several.
    RunRow find_run(std::string_view reference) const;
    ModelRow model(std::string_view fingerprint) const;
    std::vector<RunTaskRow> tasks(std::int64_t run) const;
    std::vector<GroupRow> groups(std::int64_t run) const;
    /// What went wrong in a run, by task and first document.
    std::vector<ErrorCount> errors(std::int64_t run) const;
    /// In document order. `limit` 0 is all.
    std::vector<ItemRow> items(std::int64_t run_task, std::uint64_t offset = 0, std::uint64_t limit = 0) const;
    /// At most `limit` items from document `first_doc` on: pages of a task too large for the memory.
    std::vector<ItemRow> page(std::int64_t run_task, std::uint64_t first_doc, std::uint64_t limit) const;
    std::optional<ItemRow> item(std::int64_t run_task, std::uint64_t doc) const;
    /// In document order.
    std::vector<DocumentRow> documents(std::int64_t run_task) const;

    /// For another store of the same file.
    const Database& database() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
