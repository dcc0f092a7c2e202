#include "harness/run/execute.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "harness/run/code_grader.hpp"
#include "harness/run/executor.hpp"

namespace harness::run {
namespace {

/// Rolling documents are long; smaller batches lose less work when a run is killed.
constexpr std::size_t kRollingBatch = 4;
constexpr std::size_t kBatch = 32;

/// The state of one call: its counts and the pending batch.
class Execution {
public:
    Execution(const Plan& plan, const Workers& workers, store::RunStore& store, const Work& work)
        : plan_(plan), workers_(workers), store_(store), work_(work) {}

    Outcome run() {
        const store::RunRow run = store_.open_run(plan_.model, plan_.run, task_rows(), plan_.groups);
        if (!work_.shard.whole()) store_.begin_shard(run.id, work_.shard.index, work_.shard.count);
        const std::vector<store::RunTaskRow> stored = store_.tasks(run.id);
        outcome_.run = run.id;
        outcome_.items = progress_.items_total = shard_items();
        const std::uint64_t computed_before = workers_.model.tokens_computed();
        for (std::size_t i = 0; i < plan_.tasks.size(); ++i) ask(i, stored[i].id);
        const bool all_done = progress_.items_done == progress_.items_total;
        if (!work_.shard.whole() && all_done) store_.finish_shard(run.id, work_.shard.index, work_.shard.count);
        // Counted at the end: meanwhile another process may have worked on other shards in the same store.
        for (const store::RunTaskRow& task : stored)
            outcome_.missing_items += task.planned_items - store_.finished_docs(task.id).size();
        if (outcome_.missing_items == 0) store_.finish_run(run.id);
        outcome_.tokens_computed = workers_.model.tokens_computed() - computed_before;
        return outcome_;
    }

private:
    /// Rows with the confinement of programs, which is not part of the plan because it changes no verdict.
    std::vector<store::RunTaskRow> task_rows() const {
        std::vector<store::RunTaskRow> rows = plan_.task_rows();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (workers_.code == nullptr || !plan_.tasks[i].task.runs_programs()) continue;
            nlohmann::json settings = nlohmann::json::object();
            settings["sandbox"] = workers_.code->confinement();
            rows[i].settings_json = settings.dump();
        }
        return rows;
    }

    bool holds(std::size_t task, std::size_t position) const {
        return work_.shard.holds(position) && (!work_.wanted || work_.wanted(task, position));
    }

    std::uint64_t shard_items() const {
        std::uint64_t count = 0;
        for (std::size_t task = 0; task < plan_.tasks.size(); ++task) {
            for (std::size_t i = 0; i < plan_.tasks[task].items.size(); ++i) count += holds(task, i) ? 1 : 0;
        }
        return count;
    }

    std::size_t batch_size(const suites::Task& task) const {
        if (work_.batch_items != 0) return work_.batch_items;
        return task.kind() == suites::TaskKind::Rolling ? kRollingBatch : kBatch;
    }

    void ask(std::size_t task, std::int64_t run_task) {
        const PlannedTask& planned = plan_.tasks[task];
        const std::vector<std::uint64_t> docs = store_.finished_docs(run_task);
        const std::set<std::uint64_t> finished(docs.begin(), docs.end());
        progress_.task = planned.task.name();
        Executor executor(workers_.model, planned.task, plan_.options, planned.grader.grade, workers_.code);
        std::vector<const suites::Item*> waiting;
        for (std::size_t i = 0; i < planned.items.size(); ++i) {
            if (!holds(task, i)) continue;
            if (finished.contains(planned.items[i].doc)) {
                ++progress_.items_done;
                continue;
            }
            waiting.push_back(&planned.items[i]);
            if (waiting.size() < batch_size(planned.task)) continue;
            store_batch(executor.answer(waiting), run_task);
            waiting.clear();
        }
        if (!waiting.empty()) store_batch(executor.answer(waiting), run_task);
        const std::vector<std::string>& reasons = executor.not_judged();
        outcome_.not_judged.insert(outcome_.not_judged.end(), reasons.begin(), reasons.end());
    }

    void store_batch(const std::vector<store::ItemRow>& answers, std::int64_t run_task) {
        for (const store::ItemRow& answer : answers) {
            outcome_.errors += answer.error.empty() ? 0 : 1;
            for (const store::RequestRow& request : answer.requests)
                outcome_.tokens_asked += request.context_tokens + request.tokens.size();
        }
        store_.add_items(run_task, answers);
        outcome_.computed_items += answers.size();
        progress_.items_done += answers.size();
        progress_.items_new += answers.size();
        work_.on_progress(progress_);
    }

    const Plan& plan_;
    const Workers& workers_;
    store::RunStore& store_;
    const Work& work_;
    Outcome outcome_;
    Progress progress_;
};

}  // namespace

Outcome execute(const Plan& plan, const Workers& workers, store::RunStore& store, const Work& work) {
    return Execution(plan, workers, store, work).run();
}

}  // namespace harness::run
