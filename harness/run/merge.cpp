#include "harness/run/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "harness/run/merge_missing.hpp"
#include "harness/run/merge_output.hpp"
#include "harness/store/accuracy_store.hpp"
#include "harness/store/study_merge.hpp"
#include "harness/store/transaction.hpp"

namespace harness::run {
namespace {

constexpr std::uint64_t kPage = 1000;  // items in memory at a time
constexpr std::uint64_t kMaxDoc = std::numeric_limits<std::int64_t>::max();

/// An input database. Not movable, since its stores refer to it.
struct Input {
    explicit Input(const std::string& path)
        : database(path, store::OpenMode::ReadOnly), runs(database), scores(database) {}

    store::Database database;
    store::RunStore runs;
    store::ScoreStore scores;
};

/// A run in one of the input databases.
struct Source {
    Input* input = nullptr;
    store::RunRow run;

    const std::string& path() const { return input->database.path(); }
};

/// Ids of one source's scorers in the output, by their id in the source.
using ScorerNumbers = std::map<std::int64_t, std::int64_t>;

/// The earlier of two dates; an empty date is unknown.
std::string earlier(const std::string& a, const std::string& b) {
    return a.empty() || (!b.empty() && b < a) ? b : a;
}

/// Copies the runs of one plan into one.
class RunMerge {
public:
    RunMerge(const std::vector<Source>& sources, MergeOutput& out) : sources_(sources), out_(out) {}

    MergedRun run() {
        check_arithmetic();
        const Source& first = sources_.front();
        store::RunRow plan = first.run;
        for (const Source& source : sources_) plan.created = earlier(plan.created, source.run.created);
        const store::RunStore& from = first.input->runs;
        const store::RunRow run = out_.runs().open_run(from.model(plan.model_fingerprint), plan,
                                                       from.tasks(first.run.id), from.groups(first.run.id));
        MergedRun merged{.run = run.id, .variant = run.variant};
        std::vector<ScorerNumbers> numbers;
        for (const Source& source : sources_) numbers.push_back(scorer_numbers(source));
        for (const store::RunTaskRow& task : out_.runs().tasks(run.id)) {
            std::set<std::uint64_t> there;
            for (std::size_t i = 0; i < sources_.size(); ++i) copy_task(sources_[i], task, numbers[i], there);
            merged.items += there.size();
            merged.missing_items += task.planned_items - std::min<std::uint64_t>(task.planned_items, there.size());
        }
        for (const Source& source : sources_) {
            for (const store::ShardRow& shard : source.input->runs.shards(source.run.id))
                out_.runs().add_shard(run.id, shard);
        }
        if (merged.missing_items == 0) out_.runs().finish_run(run.id, finished(run.id));
        return merged;
    }

private:
    /// The plan hash covers these; they can differ only in a file that was edited by hand.
    void check_arithmetic() const {
        const Source& first = sources_.front();
        for (const Source& source : sources_) {
            const auto check = [&](const char* what, const std::string& one, const std::string& other) {
                if (one == other) return;
                throw MergeError(
                    fmt::format("{} and {} have runs of one plan with another {}: '{}' and '{}'; runs of "
                                "different arithmetic stay apart",
                                first.path(), source.path(), what, one, other));
            };
            check("numerics", first.run.numerics, source.run.numerics);
            check("device", first.run.device, source.run.device);
            check("driver", first.run.driver, source.run.driver);
        }
    }

    /// End date of the first complete run, or of the last shard; empty if unknown.
    std::string finished(std::int64_t run) const {
        std::string date;
        for (const Source& source : sources_) date = earlier(date, source.run.finished);
        if (!date.empty()) return date;
        for (const store::ShardRow& shard : out_.runs().shards(run)) {
            if (shard.finished.empty()) return "";
            date = std::max(date, shard.finished);
        }
        return date;
    }

    /// Copies the scorers and what was measured of them.
    ScorerNumbers scorer_numbers(const Source& source) {
        ScorerNumbers numbers;
        for (const store::ScorerRow& scorer : source.input->scores.scorers(source.run.id))
            numbers[scorer.id] = out_.scores().add_scorer(scorer);
        store::AccuracyStore measured(out_.database());
        for (store::ScorerAccuracyRow& accuracy : store::AccuracyStore(source.input->database).of_run(source.run.id)) {
            accuracy.scorer = numbers.at(accuracy.scorer);
            measured.set(accuracy);
        }
        return numbers;
    }

    void copy_task(const Source& source, const store::RunTaskRow& to, const ScorerNumbers& numbers,
                   std::set<std::uint64_t>& there) {
        const store::RunStore& from = source.input->runs;
        const std::vector<store::RunTaskRow> tasks = from.tasks(source.run.id);
        const auto task =
            std::find_if(tasks.begin(), tasks.end(), [&](const store::RunTaskRow& row) { return row.task == to.task; });
        if (task == tasks.end() || task->planned_items != to.planned_items) {
            throw MergeError(
                fmt::format("{}: run {} is not what its plan says: {}", source.path(), source.run.id, to.task));
        }
        for (std::uint64_t next = 0; next <= kMaxDoc;) {
            std::vector<store::ItemRow> items = from.page(task->id, next, kPage);
            if (items.empty()) return;
            next = items.back().doc + 1;
            copy_items(source, to, renumbered(std::move(items), numbers), there);
        }
    }

    /// Items with their scorers' ids in the output.
    static std::vector<store::ItemRow> renumbered(std::vector<store::ItemRow> items, const ScorerNumbers& numbers) {
        for (store::ItemRow& item : items) {
            for (store::ScoreRow& score : item.scores) score.scorer = numbers.at(score.scorer);
            for (store::ScoreRow& score : item.later) score.scorer = numbers.at(score.scorer);
        }
        return items;
    }

    void copy_items(const Source& source, const store::RunTaskRow& to, const std::vector<store::ItemRow>& items,
                    std::set<std::uint64_t>& there) {
        store::Transaction transaction(out_.database());
        for (const store::ItemRow& item : items) {
            if (!there.insert(item.doc).second) join(source, to, item);
        }
        out_.runs().add_items(to.id, items);
        transaction.commit();
    }

    /// For an item that two databases have: everything must be equal except the scores of later scorers, which are
    /// combined.
    void join(const Source& source, const store::RunTaskRow& task, const store::ItemRow& item) {
        std::optional<store::ItemRow> stored = out_.runs().item(task.id, item.doc);
        for (const store::ScoreRow& score : item.later) {
            if (!stored) break;
            const auto same = std::find_if(stored->later.begin(), stored->later.end(), [&](const auto& other) {
                return other.metric == score.metric && other.scorer == score.scorer && other.position == score.position;
            });
            if (same == stored->later.end()) {
                out_.scores().add_scores(score.scorer, {{task.id, item.doc, score}});
            } else if (*same != score) {
                stored.reset();
            }
        }
        if (stored && without_later(*stored) == without_later(item)) return;
        throw MergeError(
            fmt::format("{} holds document {} of {} (run {}) with other bytes than an earlier database, though plan, "
                        "device and numerics are the same; 'compare --items' of the two runs shows what differs",
                        source.path(), item.doc, task.task, source.run.id));
    }

    static store::ItemRow without_later(store::ItemRow item) {
        item.later.clear();
        return item;
    }

    const std::vector<Source>& sources_;
    MergeOutput& out_;
};

/// Groups runs by plan, in order of first appearance.
std::vector<std::vector<Source>> runs_by_plan(const std::vector<std::unique_ptr<Input>>& inputs,
                                              const std::string& plan) {
    std::vector<std::vector<Source>> runs;
    std::map<std::string, std::size_t> index;
    for (const std::unique_ptr<Input>& input : inputs) {
        for (store::RunRow& run : input->runs.runs()) {
            if (!run.plan_hash.starts_with(plan)) continue;
            const auto [at, fresh] = index.emplace(run.plan_hash, runs.size());
            if (fresh) runs.emplace_back();
            runs[at->second].push_back({input.get(), std::move(run)});
        }
    }
    if (runs.empty() && plan.empty()) throw MergeError("the databases hold no runs");
    if (runs.empty())
        throw MergeError(fmt::format("no run has a plan hash that starts with {}; 'runs' lists them", plan));
    return runs;
}

void check_missing(const std::vector<MergedRun>& merged, const std::vector<std::vector<Source>>& runs,
                   const store::RunStore& out) {
    constexpr std::size_t kComparedPlans = 5;
    std::string message;
    for (std::size_t i = 0; i < merged.size(); ++i) {
        if (merged[i].missing_items == 0) continue;
        message += fmt::format("{}{}: {} items are missing {}", message.empty() ? "" : "; ", merged[i].variant,
                               merged[i].missing_items, missing_text(out, merged[i].run));
        std::size_t compared = 0;
        for (std::size_t j = 0; j < merged.size() && compared < kComparedPlans; ++j) {
            if (j == i || merged[j].missing_items == 0) continue;
            const Source& other = runs[j].front();
            message += fmt::format("; run {} of {} is of another plan: {}", other.run.id, other.path(),
                                   plan_difference(runs[i].front().run, other.run));
            ++compared;
        }
    }
    if (message.empty()) return;
    throw MergeError(message +
                     ". Run the missing shards, or merge with --allow-missing and let 'bellwether run' on the merged "
                     "database compute the rest; --plan takes one run of several");
}

}  // namespace

std::vector<MergedRun> merge(const std::string& out, const std::vector<std::string>& databases, MissingItems missing,
                             const std::string& plan) {
    // Before the databases are opened: it opens and closes files, which would drop SQLite's locks.
    MergeOutput output(out);
    std::vector<std::unique_ptr<Input>> inputs;
    inputs.reserve(databases.size());
    for (const std::string& path : databases) inputs.push_back(std::make_unique<Input>(path));
    const std::vector<std::vector<Source>> runs = runs_by_plan(inputs, plan);
    std::vector<MergedRun> merged;
    merged.reserve(runs.size());
    for (const std::vector<Source>& sources : runs) merged.push_back(RunMerge(sources, output).run());
    if (missing == MissingItems::Refused) check_missing(merged, runs, output.runs());
    for (const std::unique_ptr<Input>& input : inputs) store::merge_studies(input->database, output.database());
    for (const std::unique_ptr<Input>& input : inputs) input->database.check_unchanged();
    output.finish();
    return merged;
}

}  // namespace harness::run
