#include "harness/scoring/rescore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "harness/scoring/conversation.hpp"
#include "harness/store/database.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"

namespace harness::scoring {
namespace {

/// One answer of a batch: which item's, and which of its requests.
struct Place {
    std::uint64_t doc = 0;
    std::uint64_t position = 0;
};

/// Goes through the items of one task.
class TaskRescorer {
public:
    TaskRescorer(const store::RunTaskRow& task, Scorer& scorer, std::int64_t id, store::RunStore& runs,
                 store::ScoreStore& scores)
        : task_(task), scorer_(scorer), id_(id), runs_(runs), scores_(scores) {}

    RescoredTask rescore(const RescoreWork& work) {
        RescoredTask done{.task = task_.task};
        const std::vector<std::uint64_t> docs = runs_.finished_docs(task_.id);
        const std::vector<std::uint64_t> scored = scores_.scored_docs(task_.id, id_);
        std::vector<std::uint64_t> missing;
        std::set_difference(docs.begin(), docs.end(), scored.begin(), scored.end(), std::back_inserter(missing));
        done.found = done.items = scored.size();
        store::ItemFinder found(runs_, task_.id);
        for (std::size_t start = 0; start < missing.size(); start += work.batch_items) {
            const std::size_t end = std::min(start + work.batch_items, missing.size());
            std::vector<store::ItemRow> items;
            for (std::size_t i = start; i < end; ++i) items.push_back(found.at(missing[i]));
            add_batch(items, done);
            work.on_progress({.task = task_.task, .items_done = scored.size() + end, .items_total = docs.size()});
        }
        return done;
    }

private:
    void add_batch(const std::vector<store::ItemRow>& items, RescoredTask& done) {
        std::vector<Place> places;
        std::vector<StoredAnswer> answers;
        for (const store::ItemRow& item : items) {
            const bool has_answer = std::any_of(item.requests.begin(), item.requests.end(), is_answer);
            if (!item.error.empty() || !has_answer) continue;
            ++done.items;
            ++done.scored;
            for (std::size_t position = 0; position < item.requests.size(); ++position) {
                if (!is_answer(item.requests[position])) continue;
                places.push_back({item.doc, position});
                answers.push_back(stored_answer(item, position));
            }
        }
        if (answers.empty()) return;
        const std::vector<AnswerScores> given = scorer_.score(answers);
        store_scores(places, given);
        for (const AnswerScores& scores : given) {
            for (const store::ScoreRow& score : scores) {
                if (!score.value && done.without_value++ == 0) done.first_reason = score.explanation;
            }
        }
    }

    void store_scores(const std::vector<Place>& places, const std::vector<AnswerScores>& given) {
        if (given.size() != places.size()) {
            throw std::logic_error(fmt::format("a scorer gave {} answers scores for {}", given.size(), places.size()));
        }
        std::vector<store::ItemScore> rows;
        for (std::size_t i = 0; i < places.size(); ++i) {
            for (store::ScoreRow score : given[i]) {
                score.position = places[i].position;
                rows.push_back({.run_task = task_.id, .doc = places[i].doc, .score = std::move(score)});
            }
        }
        scores_.add_scores(id_, rows);
    }

    static bool is_answer(const store::RequestRow& request) { return request.kind == "generate"; }

    const store::RunTaskRow& task_;
    Scorer& scorer_;
    std::int64_t id_;
    store::RunStore& runs_;
    store::ScoreStore& scores_;
};

/// The documents of a task are of one kind, so the first tells whether they are conversations or have reference
/// answers.
bool is_about_correctness(const store::RunTaskRow& task, const store::RunStore& runs) {
    const std::vector<store::DocumentRow> first = runs.documents(task.id, 1);
    return !first.empty() && !first[0].target.empty() && !is_conversation(first[0].document_json);
}

/// Why a task is not scored; empty: it is.
std::string reason_to_leave_out(const store::RunTaskRow& task, const store::RunStore& runs,
                                const std::vector<std::string>& asked) {
    const bool is_asked = std::find(asked.begin(), asked.end(), task.task) != asked.end();
    if (!asked.empty() && !is_asked) return kNotAskedFor;
    if (task.kind != "generate") return "its items are choices or log-likelihoods: no written answers";
    if (!is_asked && is_about_correctness(task, runs))
        return "no conversations: its answers are graded against reference answers";
    return "";
}

}  // namespace

std::vector<RescoredTask> planned_rescore(const store::RunStore& runs, const store::RunRow& run,
                                          const std::vector<std::string>& asked) {
    std::vector<RescoredTask> plan;
    for (const store::RunTaskRow& task : runs.tasks(run.id))
        plan.push_back({.task = task.task, .left_out = reason_to_leave_out(task, runs, asked)});
    return plan;
}

std::vector<RescoredTask> rescore(const store::Database& database, const store::RunRow& run, Scorer& scorer,
                                  const RescoreWork& work) {
    store::RunStore runs(database);
    store::ScoreStore scores(database);
    const std::int64_t id = scores.add_scorer(scorer.identity());
    std::vector<RescoredTask> done = planned_rescore(runs, run, work.tasks);
    const std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (done[i].left_out.empty()) done[i] = TaskRescorer(tasks[i], scorer, id, runs, scores).rescore(work);
    }
    return done;
}

}  // namespace harness::scoring
