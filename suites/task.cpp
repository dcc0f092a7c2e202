#include "suites/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "suites/task_definition.hpp"

namespace suites {
namespace {

using nlohmann::json;

const std::set<std::string> kFields = {"name", "version", "profile", "kind", "description", "source", "licence", "citation", "data",
                                       "fewshot", "sampler", "preamble", "prompt", "target_delimiter", "fewshot_delimiter", "choices", "gold",
                                       "gold_labels", "answer", "until", "max_tokens", "filters", "ignore", "ignore_case", "metrics", "transform",
                                       "chat", "grader", "lower_is_better"};
const std::set<std::string> kDataFields = {"test", "shots", "columns"};
const std::set<std::string> kFilterFields = {"name", "pattern", "take"};
const std::set<std::string> kMetrics = {"acc", "acc_norm", "exact_match", "refusal", "compliance", "word_perplexity", "byte_perplexity", "bits_per_byte"};

/// Levenshtein's distance.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)}));
        }
    }
    return row[b.size()];
}

/// "; did you mean X?" for a near miss, else the whole list.
std::string suggestion(const std::string& wrong, const std::set<std::string>& known) {
    const auto nearest = std::min_element(known.begin(), known.end(), [&wrong](const auto& a, const auto& b) { return distance(wrong, a) < distance(wrong, b); });
    if (distance(wrong, *nearest) <= std::max<std::size_t>(2, wrong.size() / 3)) return fmt::format("; did you mean \"{}\"?", *nearest);
    return fmt::format("; there are {}", fmt::join(known, ", "));
}

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

    /// A template: every {{ has its }}, with a field's path between.
    std::string pattern_text(const char* field, bool required) const {
        const std::string form = text(field, required);
        for (std::size_t at = 0; (at = form.find("{{", at)) != std::string::npos;) {
            const std::size_t close = form.find("}}", at);
            if (close == std::string::npos) fail(field, "has {{ without }}; a value is written {{field}}");
            const std::string path = form.substr(at + 2, close - at - 2);
            if (path.empty() || path.find_first_of(" {}\n") != std::string::npos) fail(field, fmt::format("has the value '{{{{{}}}}}'; between the braces stands a field's name without spaces", path));
            at = close + 2;
        }
        return form;
    }

    void only(const std::set<std::string>& known) const {
        for (const auto& [key, value] : object_.items()) {
            if (!known.contains(key)) fail(key, "is not known" + suggestion(key, known));
        }
    }

    /// For fields that mean something to other kinds of task only.
    void none_of(const std::string& kind, std::initializer_list<const char*> names) const {
        for (const char* name : names) {
            if (object_.contains(name)) fail(name, "has no meaning for a task of kind " + kind);
        }
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

MetricDefinition metric_named(const Fields& fields, const Task::Definition& task, const std::string& name, bool lower) {
    const std::string base = name.substr(0, name.find(','));
    if (!kMetrics.contains(base)) fields.fail("metrics", fmt::format("names '{}'{}", name, suggestion(base, kMetrics)));
    const bool rolling = base == "word_perplexity" || base == "byte_perplexity" || base == "bits_per_byte";
    const bool choice = base == "acc" || base == "acc_norm";
    if (rolling != (task.kind == RequestKind::Rolling) || choice != (task.kind == RequestKind::Choice)) {
        fields.fail("metrics", fmt::format("names '{}', which a task of kind {} does not have", name, to_string(task.kind)));
    }
    if (base != name) {
        const std::string filter = name.substr(base.size() + 1);
        const bool known = std::any_of(task.filters.begin(), task.filters.end(), [&filter](const Filter& f) { return f.name == filter; });
        if (!known) fields.fail("metrics", fmt::format("names '{}', but there is no filter '{}'", name, filter));
    }
    if (base == "word_perplexity") return {name, Aggregation::WordPerplexity, false};
    if (base == "byte_perplexity") return {name, Aggregation::BytePerplexity, false};
    if (base == "bits_per_byte") return {name, Aggregation::BitsPerByte, false};
    return {name, Aggregation::Mean, !lower};
}

void read_data(const Fields& fields, const std::string& where, Task::Definition& task) {
    fields.has("data", true);
    const Fields data(fields["data"], where + ": data");
    data.only(kDataFields);
    task.test_files = data.texts("test", true);
    task.shot_files = data.texts("shots", false);
    task.columns = data.texts("columns", false);
    if (task.test_files.empty()) data.fail("test", "names no file");
    if (task.fewshot > 0 && task.shot_files.empty()) data.fail("shots", "names no file, but the task has examples");
    std::vector<std::string> all = task.test_files;
    all.insert(all.end(), task.shot_files.begin(), task.shot_files.end());
    for (const std::string& file : all) {
        if (file.empty() || file.front() == '/' || file.find("..") != std::string::npos) {
            data.fail("test", fmt::format("names '{}'; files stand below the data folder, as in arc/ARC-Easy/test.jsonl", file));
        }
    }
}

void read_filters(const Fields& fields, const std::string& where, Task::Definition& task) {
    if (!fields.has("filters", false)) return;
    if (!fields["filters"].is_array()) fields.fail("filters", "must be a list");
    for (const json& entry : fields["filters"]) {
        const Fields filter(entry, fmt::format("{}: filters[{}]", where, task.filters.size()));
        filter.only(kFilterFields);
        const std::string take = filter.text("take", true);
        if (take != "first" && take != "last") filter.fail("take", "must be first or last");
        const std::string name = filter.text("name", true);
        if (name.empty()) filter.fail("name", "is empty");
        task.filters.push_back({name, filter.pattern("pattern", filter.text("pattern", true)), take == "last"});
    }
}

void read_choice(const Fields& fields, Task::Definition& task) {
    fields.none_of("choice", {"answer", "until", "max_tokens", "filters", "ignore", "ignore_case", "grader", "transform"});
    task.choices = fields.text("choices", true);
    task.gold = fields.text("gold", true);
    task.gold_labels = fields.text("gold_labels", false);
}

void read_generate(const Fields& fields, const std::string& where, Task::Definition& task) {
    fields.none_of("generate", {"choices", "gold", "gold_labels", "transform"});
    task.grader = fields.text("grader", false);
    if (!task.grader.empty()) fields.none_of("generate with a grader", {"answer", "filters", "ignore", "ignore_case"});
    task.answer = fields.pattern_text("answer", task.grader.empty());
    task.until = fields.texts("until", false);
    for (const std::string& stop : task.until) {
        if (stop.empty()) fields.fail("until", "has an empty text, which would stop at once");
    }
    task.max_tokens = fields.count("max_tokens", 256, 100000);
    if (task.max_tokens == 0) fields.fail("max_tokens", "must be 1 at least");
    read_filters(fields, where, task);
    for (const std::string& pattern : fields.texts("ignore", false)) task.ignore.push_back(fields.pattern("ignore", pattern));
    task.ignore_case = fields.flag("ignore_case");
}

void read_rolling(const Fields& fields, Task::Definition& task) {
    fields.none_of("rolling", {"choices", "gold", "gold_labels", "answer", "until", "max_tokens", "filters", "ignore", "ignore_case", "grader", "preamble", "target_delimiter",
                               "fewshot_delimiter", "sampler", "chat"});
    if (task.fewshot > 0) fields.fail("fewshot", "must be 0 for a task of kind rolling");
    task.transform = fields.text("transform", false);
    if (!task.transform.empty() && task.transform != "wikitext") fields.fail("transform", "is not known; there is wikitext");
}

}  // namespace

Task Task::from_json(const json& object, const std::string& where) {
    const Fields fields(object, where);
    fields.only(kFields);
    auto task = std::make_shared<Definition>();
    task->canonical = object.dump();
    task->name = fields.text("name", true);
    if (task->name.empty() || task->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
        fields.fail("name", fmt::format("is '{}'; a name has lower-case letters, digits and _", task->name));
    }
    task->profile = fields.text("profile", true);
    task->description = fields.text("description", true);
    for (const char* told : {"source", "licence", "citation"}) fields.text(told, true);
    fields.has("version", true);
    task->version = fields.count("version", 1, 1000000);
    const std::string kind = fields.text("kind", true);
    if (kind != "choice" && kind != "generate" && kind != "rolling") fields.fail("kind", fmt::format("is '{}'; it must be choice, generate or rolling", kind));
    task->kind = kind == "choice" ? RequestKind::Choice : kind == "generate" ? RequestKind::Generate : RequestKind::Rolling;
    task->chat = fields.flag("chat");
    task->fewshot = fields.count("fewshot", 0, 100);
    const std::string sampler = fields.has("sampler", false) ? fields.text("sampler", true) : "random";
    if (sampler != "random" && sampler != "first_n") fields.fail("sampler", fmt::format("is '{}'; it must be random or first_n", sampler));
    task->first_n = sampler == "first_n";
    read_data(fields, where, *task);
    task->preamble = fields.text("preamble", false);
    task->prompt = fields.pattern_text("prompt", true);
    if (fields.has("target_delimiter", false)) task->target_delimiter = fields.text("target_delimiter", true);
    if (fields.has("fewshot_delimiter", false)) task->fewshot_delimiter = fields.text("fewshot_delimiter", true);
    if (task->kind == RequestKind::Choice) read_choice(fields, *task);
    if (task->kind == RequestKind::Generate) read_generate(fields, where, *task);
    if (task->kind == RequestKind::Rolling) read_rolling(fields, *task);
    for (const std::string& name : fields.texts("metrics", true)) {
        task->metrics.push_back(metric_named(fields, *task, name, fields.flag("lower_is_better")));
    }
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
