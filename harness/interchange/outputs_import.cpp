#include "harness/interchange/outputs_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/licence.hpp"
#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/interchange/error.hpp"
#include "harness/interchange/outputs_documents.hpp"
#include "harness/interchange/outputs_task.hpp"
#include "harness/interchange/row_fields.hpp"
#include "suites/error.hpp"

namespace harness::interchange {
namespace {

using nlohmann::json;

bool declares_field(const suites::Task& task, const char* name) {
    const json definition = base::json_or_null(task.definition());
    return definition.is_object() && definition.contains(name);
}

/// A task that outputs may belong to, rendered.
struct Candidate {
    Candidate(const suites::Task& asked, const run::RunOptions& options)
        : task(asked), planned(run::plan_task(asked, options)), documents(planned.items), outputs(task, options) {}

    const suites::Task& task;
    run::PlannedTask planned;
    OutputDocuments documents;
    OutputsOfTask outputs;
};

class Reader {
public:
    explicit Reader(const OutputsImport& request) : request_(request) {}

    ImportedOutputs read() {
        json digests = json::array();
        for (const std::string& file : request_.files) {
            const std::string text = text_of_file(file);
            for (OutputRow& row : parse_output_rows(text, file)) rows_.push_back(std::move(row));
            digests.push_back(base::sha256_hex(text));
        }
        choose_model();
        for (const OutputRow& row : rows_) {
            if (!candidates_of(row).empty()) continue;
            set_ = best_set();
            break;
        }
        for (const OutputRow& row : rows_) place(row);
        add_tasks(digests);
        return std::move(result_);
    }

private:
    /// Leaves the rows of one model, and names the run.
    void choose_model() {
        std::map<std::string, std::string> models;  // name -> where it is first
        for (const OutputRow& row : rows_) {
            if (!row.model.empty()) models.emplace(row.model, row.where);
        }
        name_ = request_.model;
        if (models.size() > 1) {
            if (!models.contains(name_)) {
                std::vector<std::string> names;
                names.reserve(models.size());
                for (const auto& [model, where] : models) names.push_back(model);
                throw InterchangeError(fmt::format(
                    "{}: field \"model\": there are outputs of several models; --model NAME takes those of one: {}",
                    std::max(models.begin()->second, models.rbegin()->second), fmt::join(names, ", ")));
            }
            result_.other_models = std::erase_if(rows_, [this](const OutputRow& row) { return row.model != name_; });
        }
        if (!name_.empty()) return;
        name_ = models.empty() ? std::filesystem::path(request_.files.front()).stem().string() : models.begin()->first;
    }

    Candidate& candidate(const suites::Task& task) {
        std::unique_ptr<Candidate>& made = candidates_[task.name()];
        if (!made) made = std::make_unique<Candidate>(task, request_.options);
        return *made;
    }

    /// The tasks that a row may belong to, before the prompt set is known that holds most of the rows.
    std::vector<Candidate*> candidates_of(const OutputRow& row) {
        std::vector<Candidate*> found;
        for (const suites::Task& task : request_.tasks) {
            if (task.name() == row.task) return {&candidate(task)};
        }
        if (!request_.asked) return set_ == nullptr ? found : std::vector{set_};
        for (const suites::Task& task : request_.tasks) found.push_back(&candidate(task));
        return found;
    }

    /// The prompt set that knows most of the rows; of several the one with the fewest prompts.
    Candidate* best_set() {
        Candidate* best = nullptr;
        std::size_t most = 0;
        for (const suites::Task& task : request_.tasks) {
            if (!declares_field(task, "conversation")) continue;
            Candidate* one = nullptr;
            try {
                one = &candidate(task);
            } catch (const suites::SuiteError&) {
                continue;  // a set whose data is not here cannot be the one
            }
            const auto known =
                static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), [one](const OutputRow& row) {
                    return !one->documents.find(row).documents.empty();
                }));
            const bool is_smaller =
                best != nullptr && known == most && one->planned.items.size() < best->planned.items.size();
            if (known > most || (known > 0 && is_smaller)) {
                best = one;
                most = known;
            }
        }
        return best;
    }

    void place(const OutputRow& row) {
        std::string reason = "no prompt set has its prompt; --suite names the task";
        for (Candidate* one : candidates_of(row)) {
            const DocumentMatch match = one->documents.find(row);
            if (!match.documents.empty()) return one->outputs.add(row, match.documents);
            reason = one->task.name() + ": " + match.reason;
        }
        ++result_.unmatched;
        if (result_.first_unmatched.size() < kShownUnmatched)
            result_.first_unmatched.push_back(fmt::format("{}: {}", row.where, reason));
    }

    void add_tasks(const json& digests) {
        json plan = {
            {"import", "outputs"}, {"variant", name_}, {"content", {{"files", digests}}}, {"tasks", json::array()}};
        std::vector<const OutputRow*> used;
        for (const suites::Task& task : request_.tasks) {
            const auto found = candidates_.find(task.name());
            if (found == candidates_.end() || !found->second || found->second->outputs.empty()) continue;
            const OutputsOfTask& outputs = found->second->outputs;
            used.insert(used.end(), outputs.rows().begin(), outputs.rows().end());
            add_task(outputs.graded(found->second->planned), plan);
        }
        if (used.empty()) {
            std::vector<std::string> lines = {"none of the outputs belongs to a prompt of a task:"};
            lines.insert(lines.end(), result_.first_unmatched.begin(), result_.first_unmatched.end());
            throw InterchangeError(std::move(lines));
        }
        const std::string fingerprint = base::sha256_hex(base::json_text({name_, digests}));
        json files = json::array();
        for (const std::string& file : request_.files) files.push_back(std::filesystem::path(file).filename().string());
        ImportedRun& run = result_.run;
        const engine::Licence licence = licence_of(used);
        run.model = {fingerprint, name_, "outputs of another tool",
                     base::json_text({{"name", name_},
                                      {"import", "outputs"},
                                      {"files", files},
                                      {"licence", {{"name", licence.name}, {"basis", licence.basis}}}})};
        run.plan = {.id = 0,
                    .plan_hash = base::sha256_hex(base::json_text(plan)),
                    .plan_json = base::json_text(plan),
                    .model_fingerprint = fingerprint,
                    .model_name = name_,
                    .variant = name_,
                    .created = first_date(used),
                    .finished = "",
                    .settings_json = settings_of(used)};
    }

    /// As an export of ours tells it, else by the name.
    engine::Licence licence_of(const std::vector<const OutputRow*>& rows) const {
        const bool is_told = std::any_of(rows.begin(), rows.end(),
                                         [](const OutputRow* row) { return row->licence == engine::kLlama2Licence; });
        if (is_told) return {std::string(engine::kLlama2Licence), "the outputs' field licence"};
        return engine::licence_of_name(name_);
    }

    void add_task(store::ImportedTask task, json& plan) {
        std::string documents;
        for (const store::ItemRow& item : task.items) documents += fmt::format("{} {}\n", item.doc, item.document_json);
        // Clusters change no score, so they make no other run.
        json definition = base::json_or_null(task.task.definition_json);
        if (definition.is_object()) definition.erase("cluster");
        plan["tasks"].push_back({{"task", task.task.task},
                                 {"profile", task.task.profile},
                                 {"version", task.task.version},
                                 {"fewshot", task.task.fewshot},
                                 {"definition", base::json_text(definition)}});
        plan["content"]["documents"].push_back(base::sha256_hex(documents));
        result_.coverage.push_back({task.task.task, task.task.planned_items, task.items.size()});
        result_.run.items += task.items.size();
        result_.run.tasks.push_back(std::move(task));
    }

    static std::string first_date(const std::vector<const OutputRow*>& rows) {
        std::string first;
        for (const OutputRow* row : rows) {
            if (!row->date.empty() && (first.empty() || row->date < first)) first = row->date;
        }
        return first;
    }

    /// Without what the tasks have, and may have differently.
    static std::string settings_of(const std::vector<const OutputRow*>& rows) {
        json settings = base::json_or_null(common_settings(rows));
        settings.erase("max_tokens");
        return base::json_text(settings);
    }

    const OutputsImport& request_;
    std::vector<OutputRow> rows_;
    std::string name_;
    std::map<std::string, std::unique_ptr<Candidate>> candidates_;  ///< by task
    Candidate* set_ = nullptr;                                      ///< of the rows that name no task
    ImportedOutputs result_;
};

}  // namespace

bool takes_outputs(const suites::Task& task) {
    return task.kind() == suites::TaskKind::Generate && !task.runs_programs() && !declares_field(task, "likelihoods");
}

ImportedOutputs read_outputs(const OutputsImport& request) {
    return Reader(request).read();
}

}  // namespace harness::interchange
