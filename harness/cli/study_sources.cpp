#include "harness/cli/study_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/scoring/conversation.hpp"
#include "harness/store/item_reader.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using study::SourcePrompt;

std::string category_of(const store::ItemRow& item, const std::string& field, const std::string& task) {
    return base::text_member(base::json_or_null(item.document_json), field, task);
}

std::vector<study::Turn> turns_of(const store::ItemRow& item, std::size_t position) {
    std::vector<study::Turn> turns;
    for (const suites::Message& message : scoring::stored_answer(item, position).turns)
        turns.push_back({std::string(suites::to_string(message.role)), message.content});
    return turns;
}

/// Prompts by task, document and turns, with the answers of each run.
class Prompts {
public:
    Prompts(const study::Definition& definition, std::size_t runs) : definition_(definition), runs_(runs) {}

    void add(const store::ItemRow& item, const std::string& task, const store::RunRow& run, std::size_t run_index) {
        for (std::size_t position = 0; position < item.requests.size(); ++position) {
            const store::RequestRow& request = item.requests[position];
            if (request.kind != "generate") continue;
            std::vector<study::Turn> turns = turns_of(item, position);
            SourcePrompt& prompt = prompts_[{task, item.doc, study::turns_to_json(turns)}];
            if (prompt.answers.empty()) {
                prompt = {.turns = std::move(turns),
                          .category = category_of(item, definition_.stratify, task),
                          .answers = std::vector<std::vector<store::StudyAnswerRow>>(runs_)};
            }
            prompt.answers[run_index].push_back({.variant = run.variant,
                                                 .run = run.plan_hash,
                                                 .task = task,
                                                 .doc = item.doc,
                                                 .position = position,
                                                 .text = request.output});
        }
    }

    std::vector<SourcePrompt> finished() {
        std::vector<SourcePrompt> all;
        for (auto& [key, prompt] : prompts_) all.push_back(std::move(prompt));
        return all;
    }

private:
    const study::Definition& definition_;
    std::size_t runs_;
    std::map<std::tuple<std::string, std::uint64_t, std::string>, SourcePrompt> prompts_;
};

/// The tasks of a run that are rated.
std::vector<store::RunTaskRow> rated_tasks(const store::RunStore& runs, const store::RunRow& run,
                                           const std::vector<std::string>& wanted) {
    std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    std::erase_if(tasks, [](const store::RunTaskRow& task) { return task.kind != "generate"; });
    std::set<std::string> known;
    for (const store::RunTaskRow& task : tasks) known.insert(task.task);
    for (const std::string& name : wanted) {
        if (!known.contains(name))
            throw base::UsageError(fmt::format("run {} ({}) has no task '{}' that generates text{}", run.id,
                                               run.variant, name, suites::suggestion(name, known)));
    }
    if (!wanted.empty()) {
        std::erase_if(tasks, [&wanted](const store::RunTaskRow& task) {
            return std::find(wanted.begin(), wanted.end(), task.task) == wanted.end();
        });
    }
    return tasks;
}

}  // namespace

StudySources study_sources(const store::RunStore& runs, study::Definition definition) {
    std::vector<store::RunRow> rows;
    for (std::string& reference : definition.runs) {
        rows.push_back(resolve(runs, reference));
        const bool is_twice = std::any_of(rows.begin(), rows.end() - 1,
                                          [&](const store::RunRow& row) { return row.id == rows.back().id; });
        if (is_twice)
            throw base::UsageError(fmt::format("'{}' is run {}, which is there already", reference, rows.back().id));
        reference = rows.back().plan_hash;
    }
    Prompts prompts(definition, rows.size());
    for (std::size_t index = 0; index < rows.size(); ++index) {
        for (const store::RunTaskRow& task : rated_tasks(runs, rows[index], definition.tasks)) {
            store::ItemReader items(runs, task.id);
            while (const store::ItemRow* item = items.next()) prompts.add(*item, task.task, rows[index], index);
        }
    }
    return {std::move(definition), prompts.finished()};
}

}  // namespace harness::cli
