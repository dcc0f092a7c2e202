#include "harness/scoring/compare_runs.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "harness/scoring/conversation.hpp"
#include "harness/scoring/run_pairs.hpp"
#include "harness/store/database.hpp"
#include "harness/store/pair_judgement_store.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"

namespace harness::scoring {
namespace {

using store::PairJudgementRow;
using store::ShownFirst;

/// Judges the documents of one task.
class TaskComparison {
public:
    TaskComparison(const SharedTask& task, const JudgeModel& judge, std::int64_t scorer, const store::RunStore& runs,
                   store::PairJudgementStore& judgements)
        : task_(task), judge_(judge), scorer_(scorer), runs_(runs), judgements_(judgements) {}

    ComparedTask compare(const CompareWork& work) {
        ComparedTask done;
        done.task = task_.a.task;
        std::set<std::uint64_t> there;
        for (const PairJudgementRow& row : stored()) there.insert(row.a.doc);
        const std::vector<std::uint64_t> shared = shared_docs(runs_, task_);
        std::vector<std::uint64_t> missing;
        std::set_difference(shared.begin(), shared.end(), there.begin(), there.end(), std::back_inserter(missing));
        for (std::size_t start = 0; start < missing.size(); start += work.batch) {
            const std::size_t count = std::min(work.batch, missing.size() - start);
            done.judged += judge_batch(std::span(missing).subspan(start, count));
            work.on_progress(done.task, there.size() + start + count, shared.size());
        }
        done.found = there.size();
        done.documents = done.found + done.judged;
        add_pairs(done);
        return done;
    }

private:
    std::vector<PairJudgementRow> stored() const { return judgements_.of_tasks(scorer_, task_.a.id, task_.b.id); }

    /// The number of documents that could be judged.
    std::uint64_t judge_batch(std::span<const std::uint64_t> docs) {
        std::vector<AnswerPair> pairs;
        std::vector<PairJudgementRow> rows;  // one a pair
        std::set<std::uint64_t> judged;
        for (const std::uint64_t doc : docs) {
            const auto a = runs_.item(task_.a.id, doc);
            const auto b = runs_.item(task_.b.id, doc);
            if (!a || !b) continue;
            for (const auto& [in_a, in_b] : paired_answers(*a, *b)) {
                pairs.push_back({stored_answer(*a, in_a), stored_answer(*b, in_b)});
                rows.push_back({.a = {task_.a.id, doc, in_a}, .b = {task_.b.id, doc, in_b}, .preference = {}});
                judged.insert(doc);
            }
        }
        const std::vector<PairReplies> replies = judge_pairs(judge_, pairs);
        std::vector<PairJudgementRow> both;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            for (const ShownFirst first : {ShownFirst::A, ShownFirst::B}) {
                const JudgeReply& reply = replies[i].at(first == ShownFirst::A ? 0 : 1);
                both.push_back(rows[i]);
                both.back().first = first;
                both.back().preference = reply.value;
                both.back().explanation = reply.explanation;
            }
        }
        judgements_.add(scorer_, both);
        return judged.size();
    }

    void add_pairs(ComparedTask& done) const {
        std::map<std::pair<store::AnswerPlace, store::AnswerPlace>, std::array<std::optional<double>, 2>> preferences;
        for (const PairJudgementRow& row : stored()) {
            preferences[{row.a, row.b}].at(row.first == ShownFirst::A ? 0 : 1) = row.preference;
            if (!row.preference && done.first_reason.empty()) done.first_reason = row.explanation;
        }
        for (const auto& [places, orders] : preferences) {
            if (orders[0] && orders[1]) {
                done.pairs.push_back({places.first.doc, *orders[0], *orders[1]});
            } else {
                ++done.without_value;
            }
        }
    }

    const SharedTask& task_;
    const JudgeModel& judge_;
    std::int64_t scorer_;
    const store::RunStore& runs_;
    store::PairJudgementStore& judgements_;
};

}  // namespace

std::vector<PairReplies> judge_pairs(const JudgeModel& judge, std::span<const AnswerPair> pairs) {
    std::vector<std::string> prompts;
    for (const AnswerPair& pair : pairs) {
        const std::vector<suites::Message> turns = without_marks(pair.a.turns);
        const std::string a = engine::neutralise_chat_marks(pair.a.answer);
        const std::string b = engine::neutralise_chat_marks(pair.b.answer);
        prompts.push_back(safety::judge::ask_pair(judge.judge(), turns, {a, b}));
        prompts.push_back(safety::judge::ask_pair(judge.judge(), turns, {b, a}));
    }
    const std::vector<JudgeReply> replies = judge.replies(prompts);
    std::vector<PairReplies> result;
    result.reserve(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        result.push_back({replies[2 * i], replies[2 * i + 1]});
        std::optional<double>& b_first = result.back()[1].value;  // the preference for the first, which is b
        if (b_first) b_first = 1 - *b_first;
    }
    return result;
}

std::vector<ComparedTask> compare_runs(const store::Database& database, const store::RunRow& a, const store::RunRow& b,
                                       const JudgeModel& judge, const CompareWork& work) {
    const store::RunStore runs(database);
    const std::vector<SharedTask> tasks = shared_tasks(runs, a, b);
    store::PairJudgementStore judgements(database);
    const std::int64_t scorer = store::ScoreStore(database).add_scorer(judge.identity());
    std::vector<ComparedTask> compared;
    compared.reserve(tasks.size());
    for (const SharedTask& task : tasks)
        compared.push_back(TaskComparison(task, judge, scorer, runs, judgements).compare(work));
    return compared;
}

}  // namespace harness::scoring
