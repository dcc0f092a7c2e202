#include "suites/task.hpp"

#include <algorithm>
#include <map>

#include "suites/data/documents.hpp"
#include "suites/data/json_text.hpp"
#include "suites/definition/task_definition.hpp"

namespace suites {

Task::Task(std::shared_ptr<const Definition> definition) : definition_(std::move(definition)) {}

Task Task::from_json(const nlohmann::json& definition, const std::string& where, const Graders& graders) {
    return Task(definition::parse_task(definition, where, graders));
}

const std::string& Task::name() const {
    return definition_->name;
}
std::uint32_t Task::version() const {
    return definition_->version;
}
const std::string& Task::profile() const {
    return definition_->profile;
}
const std::string& Task::description() const {
    return definition_->description;
}
const std::string& Task::source() const {
    return definition_->source;
}
const std::string& Task::licence() const {
    return definition_->licence;
}
const std::string& Task::citation() const {
    return definition_->citation;
}
std::optional<std::uint64_t> Task::documents() const {
    return definition_->data.documents;
}
TaskKind Task::kind() const {
    return definition_->kind;
}
std::uint32_t Task::default_fewshot() const {
    return definition_->fewshot.count;
}

std::uint32_t Task::fewshot(std::optional<std::uint32_t> asked) const {
    return definition_->fewshot.fixed ? definition_->fewshot.count : asked.value_or(definition_->fewshot.count);
}
bool Task::chat() const {
    return definition_->chat;
}
bool Task::runs_programs() const {
    const auto& grader = definition_->generation.grader;
    return grader && grader->entry.runs_programs;
}
const std::vector<MetricDefinition>& Task::metrics() const {
    return definition_->metric_definitions;
}
const std::vector<MetricDefinition>& Task::counters() const {
    return definition_->counters;
}
const std::string& Task::definition() const {
    return definition_->canonical;
}

Task Task::with(const nlohmann::json& fields) const {
    nlohmann::json changed = data::parse_json(definition_->canonical);
    changed.merge_patch(fields);
    Graders graders;
    if (const auto& grader = definition_->generation.grader) graders.add(grader->entry);
    Task task = from_json(changed, name(), graders);
    for (const EmbeddedFile& file : definition_->data.split.embedded) task = task.with_rows(file.name, file.content);
    return task;
}

Task Task::with_rows(std::string_view name, std::string_view content) const {
    auto changed = std::make_shared<Definition>(*definition_);
    changed->data.split.embedded.push_back({name, content});
    return Task(std::move(changed));
}

bool Task::is_embedded() const {
    return data::is_embedded(definition_->data.test.front());
}

std::vector<std::string> Task::data_files() const {
    const definition::DataFiles& data = definition_->data;
    std::vector<std::string> files = data.test;
    for (const std::string& file : data.shots) {
        if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
    }
    if (!data.preamble.empty()) files.push_back(data.preamble);
    const auto& grader = definition_->generation.grader;
    if (!grader) return files;
    for (const GraderFile& file : grader->entry.files) {
        if (const auto named = grader->files.find(file.name); named != grader->files.end())
            files.push_back(named->second);
    }
    return files;
}

PreparedGrader Task::prepare_grader(const DataFolders& folders) const {
    const auto& grader = definition_->generation.grader;
    if (!grader || !grader->entry.prepare) return {};
    std::map<std::string, std::string> paths;
    for (const auto& [name, file] : grader->files) {
        if (const auto path = data::find_file(folders.paths(), file)) paths[name] = *path;
    }
    return grader->entry.prepare(paths);
}

}  // namespace suites
