#include "suites/task.hpp"

#include <fmt/format.h>

#include <set>

#include "suites/task_definition.hpp"

namespace suites {
namespace {

using nlohmann::json;

const std::set<std::string> kFields = {"name", "version", "profile", "kind", "description", "source", "licence", "citation", "data",
                                       "fewshot", "prompt", "choices", "gold", "gold_labels", "answer", "until", "max_tokens", "filters",
                                       "ignore", "ignore_case", "metrics", "transform", "chat", "grader", "lower_is_better"};

/// Reads typed fields; every mistake names the file and the field.
class Fields {
public:
    Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object.is_object()) throw SuiteError(where_ + ": a task is a JSON object");
    }

    [[noreturn]] void fail(const std::string& field, const std::string& what) const {
        throw SuiteError(fmt::format("{}: field \"{}\" {}", where_, field, what));
    }

    std::string text(const char* field, bool required) const {
        if (!has(field, required)) return "";
        if (!object_[field].is_string()) fail(field, "must be a text");
        return object_[field].get<std::string>();
    }

    std::uint32_t count(const char* field, std::uint32_t otherwise, std::uint32_t limit) const {
        if (!has(field, false)) return otherwise;
        if (!object_[field].is_number_unsigned() || object_[field].get<std::uint64_t>() > limit) {
            fail(field, fmt::format("must be a whole number from 0 to {}", limit));
        }
        return object_[field].get<std::uint32_t>();
    }

    bool flag(const char* field) const {
        if (!has(field, false)) return false;
        if (!object_[field].is_boolean()) fail(field, "must be true or false");
        return object_[field].get<bool>();
    }

    std::vector<std::string> texts(const char* field, const json& list) const {
        if (!list.is_array()) fail(field, "must be a list of texts");
        std::vector<std::string> result;
        for (const json& entry : list) {
            if (!entry.is_string()) fail(field, "must be a list of texts");
            result.push_back(entry.get<std::string>());
        }
        return result;
    }

    std::vector<std::string> texts(const char* field, bool required) const {
        return has(field, required) ? texts(field, object_[field]) : std::vector<std::string>{};
    }

    std::shared_ptr<const RE2> pattern(const char* field, const std::string& text) const {
        auto compiled = std::make_shared<RE2>(text, RE2::Quiet);
        if (!compiled->ok()) fail(field, fmt::format("has the pattern '{}': {}", text, compiled->error()));
        return compiled;
    }

    bool has(const char* field, bool required) const {
        const bool present = object_.contains(field);
        if (required && !present) fail(field, "is missing");
        return present;
    }

    const json& operator[](const char* field) const { return object_[field]; }

private:
    const json& object_;
    std::string where_;
};

MetricDefinition metric_named(const Fields& fields, const std::string& name, bool lower) {
    if (name == "word_perplexity") return {name, Aggregation::WordPerplexity, false};
    if (name == "byte_perplexity") return {name, Aggregation::BytePerplexity, false};
    if (name == "bits_per_byte") return {name, Aggregation::BitsPerByte, false};
    for (const char* known : {"acc", "acc_norm", "refusal", "exact_match"}) {
        if (name == known || name.starts_with(std::string(known) + ",")) return {name, Aggregation::Mean, !lower};
    }
    fields.fail("metrics", fmt::format("names '{}'; there are acc, acc_norm, exact_match,FILTER, refusal, word_perplexity, "
                                       "byte_perplexity, bits_per_byte",
                                       name));
}

void read_filters(const Fields& fields, Task::Definition& task) {
    if (!fields.has("filters", false)) return;
    if (!fields["filters"].is_array()) fields.fail("filters", "must be a list");
    for (const json& entry : fields["filters"]) {
        const Fields filter(entry, "filters of " + task.name);
        const std::string take = filter.text("take", true);
        if (take != "first" && take != "last") filter.fail("take", "must be first or last");
        task.filters.push_back({filter.text("name", true), filter.pattern("pattern", filter.text("pattern", true)), take == "last"});
    }
}

}  // namespace

Task Task::from_json(const json& object, const std::string& where) {
    const Fields fields(object, where);
    for (const auto& [key, value] : object.items()) {
        if (!kFields.contains(key)) fields.fail(key, "is not known; is it misspelt?");
    }
    auto task = std::make_shared<Definition>();
    task->canonical = object.dump();
    task->name = fields.text("name", true);
    if (task->name.empty()) fields.fail("name", "is empty");
    task->profile = fields.text("profile", true);
    task->description = fields.text("description", true);
    task->version = fields.count("version", 1, 1000000);
    const std::string kind = fields.text("kind", true);
    if (kind != "choice" && kind != "generate" && kind != "rolling") fields.fail("kind", "must be choice, generate or rolling");
    task->kind = kind == "choice" ? RequestKind::Choice : kind == "generate" ? RequestKind::Generate : RequestKind::Rolling;
    task->chat = fields.flag("chat");
    task->fewshot = fields.count("fewshot", 0, 100);
    fields.has("data", true);
    const Fields data(fields["data"], where + ": data");
    task->test_files = data.texts("test", true);
    task->shot_files = data.texts("shots", false);
    if (task->test_files.empty()) data.fail("test", "names no file");
    if (task->fewshot > 0 && task->shot_files.empty()) data.fail("shots", "names no file, but the task has examples");
    task->prompt = fields.text("prompt", true);
    task->transform = fields.text("transform", false);
    if (!task->transform.empty() && task->transform != "wikitext") fields.fail("transform", "is not known; there is wikitext");
    task->choices = fields.text("choices", task->kind == RequestKind::Choice);
    task->gold = fields.text("gold", task->kind == RequestKind::Choice);
    task->gold_labels = fields.text("gold_labels", false);
    task->grader = fields.text("grader", false);
    task->answer = fields.text("answer", task->kind == RequestKind::Generate && task->grader.empty());
    task->until = fields.texts("until", false);
    task->max_tokens = fields.count("max_tokens", 256, 100000);
    read_filters(fields, *task);
    for (const std::string& pattern : fields.texts("ignore", false)) task->ignore.push_back(fields.pattern("ignore", pattern));
    task->ignore_case = fields.flag("ignore_case");
    for (const std::string& name : fields.texts("metrics", true)) task->metrics.push_back(metric_named(fields, name, fields.flag("lower_is_better")));
    if (task->metrics.empty()) fields.fail("metrics", "is empty");
    return Task(std::move(task));
}

Task::Task(std::shared_ptr<const Definition> definition) : definition_(std::move(definition)) {}

const std::string& Task::name() const { return definition_->name; }
std::uint32_t Task::version() const { return definition_->version; }
const std::string& Task::profile() const { return definition_->profile; }
const std::string& Task::description() const { return definition_->description; }
RequestKind Task::kind() const { return definition_->kind; }
std::uint32_t Task::default_fewshot() const { return definition_->fewshot; }
bool Task::chat() const { return definition_->chat; }
const std::vector<MetricDefinition>& Task::metrics() const { return definition_->metrics; }
const std::string& Task::definition() const { return definition_->canonical; }

std::vector<std::string> Task::data_files() const {
    std::vector<std::string> files = definition_->test_files;
    files.insert(files.end(), definition_->shot_files.begin(), definition_->shot_files.end());
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
