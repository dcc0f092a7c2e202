#include "harness/run/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "harness/store/run_store.hpp"

namespace harness::run {
namespace {

using nlohmann::json;

constexpr std::uint64_t kPage = 1000;  // items in memory at a time

/// A store that does not keep its name unless the merge comes to its end.
class UnfinishedStore {
public:
    explicit UnfinishedStore(std::string out) : out_(std::move(out)), part_(out_ + ".part") {
        remove();
        store_.emplace(part_);
    }
    UnfinishedStore(const UnfinishedStore&) = delete;
    UnfinishedStore& operator=(const UnfinishedStore&) = delete;
    ~UnfinishedStore() {
        store_.reset();
        remove();
    }

    store::RunStore& get() { return *store_; }

    void finish() {
        store_.reset();  // closing brings everything into the one file
        std::error_code error;
        std::filesystem::rename(part_, out_, error);
        if (error) throw store::StoreError(fmt::format("{}: cannot be written: {}", out_, error.message()));
    }

private:
    void remove() const {
        std::error_code ignored;
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(part_ + end, ignored);
    }

    std::string out_;
    std::string part_;
    std::optional<store::RunStore> store_;
};

/// A run as one of the stores has it.
struct Source {
    std::size_t store = 0;
    store::RunRow run;
};

class Merge {
public:
    Merge(const std::string& out, const std::vector<std::string>& names, const std::string& plan)
        : names_(names), plan_(plan), unfinished_(out) {
        for (const std::string& name : names) stores_.emplace_back(name);
    }

    std::vector<MergedRun> run(bool allow_missing) {
        collect();
        for (const std::vector<Source>& sources : runs_) copy(sources);
        if (!allow_missing) check_missing();
        unfinished_.finish();
        return merged_;
    }

private:
    /// Runs of one plan stand together, in the order in which they were first met.
    void collect() {
        for (std::size_t store = 0; store < stores_.size(); ++store) {
            for (store::RunRow& run : stores_[store].runs()) {
                if (!run.plan_hash.starts_with(plan_)) continue;
                const auto same = std::find_if(runs_.begin(), runs_.end(), [&](const std::vector<Source>& sources) {
                    return sources.front().run.plan_hash == run.plan_hash;
                });
                if (same != runs_.end()) {
                    same->push_back({store, std::move(run)});
                } else {
                    runs_.push_back({{store, std::move(run)}});
                }
            }
        }
        if (runs_.empty() && plan_.empty()) throw MergeError("the databases hold no runs");
        if (runs_.empty()) throw MergeError(fmt::format("no run's plan begins with {}; 'runs' lists them", plan_));
    }

    void copy(const std::vector<Source>& sources) {
        store::RunStore& out = unfinished_.get();
        const store::RunRow& plan = sources.front().run;
        const store::RunStore& first = stores_[sources.front().store];
        const store::RunRow run = out.open_run(first.model(plan.model_fingerprint), plan, first.tasks(plan.id));
        MergedRun merged{.run = run.id, .variant = run.variant};
        for (const store::RunTaskRow& task : out.tasks(run.id)) {
            std::set<std::uint64_t> there;
            for (const Source& source : sources) copy_task(source, task, there);
            merged.items += there.size();
            merged.missing_items += task.planned_items - std::min<std::uint64_t>(task.planned_items, there.size());
        }
        for (const Source& source : sources) {
            for (const store::ShardRow& shard : stores_[source.store].shards(source.run.id))
                out.add_shard(run.id, shard);
        }
        if (merged.missing_items == 0) out.finish_run(run.id);
        merged_.push_back(std::move(merged));
    }

    void copy_task(const Source& source, const store::RunTaskRow& to, std::set<std::uint64_t>& there) {
        const store::RunStore& from = stores_[source.store];
        const std::vector<store::RunTaskRow> tasks = from.tasks(source.run.id);
        const auto task =
            std::find_if(tasks.begin(), tasks.end(), [&](const store::RunTaskRow& row) { return row.task == to.task; });
        if (task == tasks.end() || task->planned_items != to.planned_items) {
            throw MergeError(
                fmt::format("{}: run {} is not what its plan says: {}", names_[source.store], source.run.id, to.task));
        }
        for (std::uint64_t offset = 0;; offset += kPage) {
            const std::vector<store::ItemRow> items = from.items(task->id, offset, kPage);
            for (const store::ItemRow& item : items) {
                if (!there.insert(item.doc).second) check_same(source, to, item);
            }
            unfinished_.get().add_items(to.id, items);
            if (items.size() < kPage) return;
        }
    }

    void check_same(const Source& source, const store::RunTaskRow& task, const store::ItemRow& item) {
        if (unfinished_.get().item(task.id, item.doc) == item) return;
        throw MergeError(
            fmt::format("{} holds document {} of {} (run {}) with other bytes than a database before it, though plan, "
                        "device and numerics are the same; 'compare --items' of the two runs shows what differs",
                        names_[source.store], item.doc, task.task, source.run.id));
    }

    void check_missing() {
        std::string message;
        for (std::size_t i = 0; i < merged_.size(); ++i) {
            if (merged_[i].missing_items == 0) continue;
            const Missing missing = missing_of(merged_[i].run);
            message +=
                fmt::format("{}{}: {} items are missing ({}){}", message.empty() ? "" : "; ", merged_[i].variant,
                            merged_[i].missing_items, missing.text, missing_shards(merged_[i].run, missing.docs));
            for (std::size_t j = 0; j < merged_.size(); ++j) {
                if (j == i || merged_[j].missing_items == 0) continue;
                message += fmt::format("; run {} of {} is of another plan: {}", runs_[j].front().run.id,
                                       names_[runs_[j].front().store],
                                       plan_difference(runs_[i].front().run, runs_[j].front().run));
            }
        }
        if (message.empty()) return;
        throw MergeError(message +
                         ". Run the missing shards, or merge with --allow-missing and let 'bellwether run' on the "
                         "merged database compute the rest; --plan takes one run of several");
    }

    struct Missing {
        std::string text;
        std::set<std::uint64_t> docs;  ///< of all tasks whose documents are known to be 0, 1, 2 and so on
    };

    Missing missing_of(std::int64_t run) {
        Missing missing;
        std::vector<std::string> tasks;
        for (const store::RunTaskRow& task : unfinished_.get().tasks(run)) {
            const std::vector<std::uint64_t> there = unfinished_.get().finished_docs(task.id);
            if (there.size() >= task.planned_items) continue;
            const std::vector<std::uint64_t> docs =
                is_sample(task) ? std::vector<std::uint64_t>{} : absent(there, task.planned_items);
            missing.docs.insert(docs.begin(), docs.end());
            tasks.push_back(fmt::format("{} has {} of {}{}", task.task, there.size(), task.planned_items,
                                        docs.empty() ? "" : ", not " + listed(docs, ", ")));
        }
        missing.text = listed(tasks, "; ");
        return missing;
    }

    /// Of a sample, and of another tool's log, the store knows those documents alone that are there.
    static bool is_sample(const store::RunTaskRow& task) {
        const json definition = json::parse(task.definition_json, nullptr, false);
        return !definition.is_object() || definition.contains("sample") || definition.contains("import");
    }

    static std::vector<std::uint64_t> absent(const std::vector<std::uint64_t>& there, std::uint64_t count) {
        std::vector<std::uint64_t> docs;
        auto next = there.begin();
        for (std::uint64_t doc = 0; doc < count; ++doc) {
            if (next != there.end() && *next == doc) {
                ++next;
            } else {
                docs.push_back(doc);
            }
        }
        return docs;
    }

    template <class Value>
    static std::string listed(const std::vector<Value>& values, const char* between) {
        constexpr std::size_t kShown = 5;
        const std::size_t shown = std::min(values.size(), kShown);
        return fmt::format("{}{}",
                           fmt::join(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(shown), between),
                           values.size() > shown ? fmt::format(" and {} more", values.size() - shown) : "");
    }

    /// ": in none of the databases is shard 2/4; unfinished is shard 3/4"; "" where no shard of the run is known.
    std::string missing_shards(std::int64_t run, const std::set<std::uint64_t>& docs) {
        const std::vector<store::ShardRow> known = unfinished_.get().shards(run);
        std::map<std::uint64_t, std::set<std::uint64_t>> parts_of;
        for (const store::ShardRow& shard : known) parts_of[shard.parts].insert(shard.part);
        if (parts_of.empty()) return "";
        std::vector<std::string> absent_shards;
        std::vector<std::string> unfinished;
        // Shards of several counts may overlap: what is said is said of each count by itself.
        for (const auto& [count, parts] : parts_of) {
            for (std::uint64_t part = 1; part <= count; ++part) {
                if (!parts.contains(part)) absent_shards.push_back(fmt::format("{}/{}", part, count));
            }
            std::set<std::uint64_t> short_ones;
            for (const std::uint64_t doc : docs) short_ones.insert(doc % count + 1);
            for (const std::uint64_t part : parts) {
                if (short_ones.contains(part)) unfinished.push_back(fmt::format("{}/{}", part, count));
            }
        }
        std::string text;
        if (!absent_shards.empty()) text += ": in none of the databases is shard " + listed(absent_shards, ", ");
        if (!unfinished.empty())
            text += (text.empty() ? ": " : "; ") + ("unfinished is shard " + listed(unfinished, ", "));
        return text;
    }

    /// The settings in which two plans differ, in words.
    static std::string plan_difference(const store::RunRow& a, const store::RunRow& b) {
        const json first = json::parse(a.plan_json, nullptr, false);
        const json second = json::parse(b.plan_json, nullptr, false);
        if (!first.is_object() || !second.is_object()) return "it cannot be read";
        std::string text;
        for (const auto& [key, value] : first.items()) {
            const json other = second.value(key, json());
            if (other == value) continue;
            text += text.empty() ? "" : ", ";
            text += key == "tasks" ? "the tasks, their data, --limit or --fewshot"
                                   : fmt::format("{} {} and {}", key, value.dump(), other.dump());
        }
        return text;
    }

    const std::vector<std::string>& names_;
    const std::string& plan_;
    std::vector<store::RunStore> stores_;
    UnfinishedStore unfinished_;
    std::vector<std::vector<Source>> runs_;
    std::vector<MergedRun> merged_;  // as runs_
};

}  // namespace

std::vector<MergedRun> merge(const std::string& out, const std::vector<std::string>& stores, bool allow_missing,
                             const std::string& plan) {
    for (const std::string& store : stores) {
        if (!std::filesystem::is_regular_file(store)) throw MergeError(store + ": no such database");
    }
    if (std::filesystem::exists(out))
        throw MergeError(out + ": it is there already; name a new file, or remove it first");
    return Merge(out, stores, plan).run(allow_missing);
}

}  // namespace harness::run
