#include "suites/task.hpp"

#include <algorithm>

#include "suites/task_definition.hpp"

namespace suites {

Task::Task(std::shared_ptr<const Definition> definition) : definition_(std::move(definition)) {}

const std::string& Task::name() const {
    return definition_->name;
}
std::uint32_t Task::version() const {
    return definition_->version;
}
bool Task::runs_code() const {
    return definition_->grader == "python";
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
    return definition_->documents;
}
RequestKind Task::kind() const {
    return definition_->kind;
}
std::uint32_t Task::default_fewshot() const {
    return definition_->fewshot;
}

std::uint32_t Task::fewshot(std::optional<std::uint32_t> asked) const {
    return definition_->fewshot_fixed ? definition_->fewshot : asked.value_or(definition_->fewshot);
}
bool Task::chat() const {
    return definition_->chat;
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
    nlohmann::json changed = nlohmann::json::parse(definition_->canonical);
    changed.merge_patch(fields);
    return from_json(changed, name());
}

std::vector<std::string> Task::data_files() const {
    std::vector<std::string> files = definition_->test_files;
    for (const std::string& file : definition_->shot_files) {
        if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
    }
    for (const std::string& file : {definition_->preamble_file, definition_->lexicon_file, definition_->emoji_file}) {
        if (!file.empty()) files.push_back(file);
    }
    return files;
}

std::string_view to_string(RequestKind kind) {
    switch (kind) {
        case RequestKind::Choice: return "choice";
        case RequestKind::Generate: return "generate";
        case RequestKind::Rolling: return "rolling";
    }
    return "";
}

}  // namespace suites
