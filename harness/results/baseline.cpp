#include "harness/results/baseline.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/number_from.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/gate_columns.hpp"
#include "harness/results/run_view.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/transaction.hpp"

namespace harness::results {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using reports::data::MetricValues;
using reports::data::RunView;
using reports::data::Settings;
using reports::data::TaskView;

constexpr int kFormat = 1;

/// Hashes fields so that no two lists of fields look alike: each has its length before it.
class FieldHash {
public:
    void add(std::string_view text) {
        add_number(text.size());
        bytes_ += text;
    }
    void add_number(std::uint64_t number) {
        for (std::size_t i = 0; i < sizeof number; ++i) bytes_ += static_cast<char>(number >> (8 * i));
    }
    std::uint64_t value() const {
        base::Sha256 hash;
        hash.add(bytes_);
        return hash.start();
    }

private:
    std::string bytes_;  ///< hashed at once: OpenSSL takes longer for forty short pieces than for their bytes
};

bool is_generated(const store::RequestRow& request) {
    return request.kind == "generate";
}

/// Prompts as text, and as far as the store has them as tokens: another tokenizer asks another question.
std::uint64_t asked_hash(const store::ItemRow& item) {
    FieldHash hash;
    hash.add(item.target);
    for (const store::RequestRow& request : item.requests) {
        hash.add(request.kind);
        hash.add(request.context);
        hash.add(request.continuation);
        hash.add_number(request.context_tokens);
        hash.add_number(request.cut_tokens);
        if (is_generated(request)) continue;
        for (const store::TokenRow& token : request.tokens) hash.add_number(static_cast<std::uint64_t>(token.id));
    }
    return hash.value();
}

std::uint64_t answered_hash(const store::ItemRow& item) {
    FieldHash hash;
    hash.add(item.error);
    for (const store::RequestRow& request : item.requests) {
        hash.add(request.output);
        hash.add(request.finish);
        hash.add_number(std::bit_cast<std::uint64_t>(request.logprob));
        hash.add_number(request.greedy ? 1 : 0);
        for (const store::TokenRow& token : request.tokens) {
            hash.add_number(static_cast<std::uint64_t>(token.id));
            hash.add_number(std::bit_cast<std::uint64_t>(token.logprob));
        }
    }
    return hash.value();
}

/// The documents of a task with all their hashes, from one reading of its items.
reports::data::Documents documents_with_hashes(const store::RunStore& runs, const store::RunTaskRow& task) {
    reports::data::Documents documents;
    documents.imported = is_imported(task);
    store::ItemReader items(runs, task.id);
    while (const store::ItemRow* item = items.next()) {
        const DocumentHash hash = document_hash(item->document_json, item->target);
        documents.numbers.push_back(item->doc);
        documents.contents.push_back(hash.content);
        documents.rows.push_back(hash.row);
        documents.asked.push_back(asked_hash(*item));
        documents.answered.push_back(answered_hash(*item));
    }
    return documents;
}

ordered_json settings_json(const Settings& settings) {
    ordered_json object = ordered_json::object();
    for (const reports::data::Setting& setting : settings) object[setting.name] = setting.value;
    return object;
}

std::vector<const MetricValues*> metrics_with_items(const TaskView& task) {
    std::vector<const MetricValues*> metrics;
    for (const MetricValues& metric : task.metrics) {
        if (!metric.values.empty()) metrics.push_back(&metric);
    }
    return metrics;
}

/// "7 9f3c... 1a2b... 77aa... 0c31... 1 - 2.5*310": the document's number, the hashes of content, row, question and
/// answer, and a score for each metric, with its weight where the metric has one. The shortest digits identify a score.
std::string item_line(const TaskView& task, const std::vector<const MetricValues*>& metrics, std::size_t item) {
    std::string line =
        fmt::format("{} {:016x} {:016x} {:016x} {:016x}", task.docs.numbers.at(item), task.docs.contents.at(item),
                    task.docs.rows.at(item), task.docs.asked.at(item), task.docs.answered.at(item));
    for (const MetricValues* metric : metrics) {
        const std::optional<double>& value = metric->values.at(item);
        line += value ? fmt::format(" {}", *value) : " -";
        if (value && !metric->weights.empty()) line += fmt::format("*{}", metric->weights.at(item));
    }
    return line;
}

ordered_json number_or_null(double value) {
    return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

/// What only some metrics have is left out of the others.
ordered_json metric_json(const MetricValues& metric) {
    ordered_json object = {{"name", metric.name},
                           {"higher_is_better", metric.higher_is_better},
                           {"value", number_or_null(metric.value)},
                           {"standard_error", number_or_null(metric.standard_error)}};
    if (metric.scale == reports::data::Scale::Exponential) object["logarithms"] = true;
    if (!metric.weights.empty()) object["weighted"] = true;
    if (!metric.scorer.option.empty())
        object["scorer"] = {
            {"option", metric.scorer.option}, {"measure", metric.scorer.measure}, {"version", metric.scorer.version}};
    return object;
}

/// A task without its items.
ordered_json task_json(const TaskView& task) {
    const std::vector<const MetricValues*> metrics = metrics_with_items(task);
    ordered_json columns = ordered_json::array();
    for (const MetricValues* metric : metrics) columns.push_back(metric_json(*metric));
    return {{"task", task.task},
            {"profile", task.profile},
            {"version", task.version},
            {"fewshot", task.fewshot},
            {"planned", task.planned},
            {"imported", task.docs.imported},
            {"settings", settings_json(task.settings)},
            {"definition", settings_json(task.definition)},
            {"metrics", columns},
            {"items", ordered_json::array()}};
}

/// Appends the list of a task's items, indented as in the file. By hand, since a JSON value for each of a million items
/// takes more memory than the text.
void append_items(const TaskView& task, std::string& text) {
    const std::vector<const MetricValues*> metrics = metrics_with_items(task);
    text += '[';
    for (std::size_t item = 0; item < task.docs.numbers.size(); ++item)
        text += fmt::format("{}\n    \"{}\"", item == 0 ? "" : ",", item_line(task, metrics, item));
    text += task.docs.numbers.empty() ? "]" : "\n   ]";
}

/// Reads a baseline; every wrong place is an error that names it.
class BaselineReader {
public:
    explicit BaselineReader(std::string path) : path_(std::move(path)) {}

    RunView read(const json& file) const {
        if (!file.is_object() || !file.contains("baseline"))
            fail("", "is not a baseline; 'bellwether baseline' writes one");
        if (file["baseline"] != kFormat)
            fail("baseline", fmt::format("is of another format than {}; write it again with this version", kFormat));
        RunView run;
        const json& about = field(file, "run", "");
        run.id = number<std::int64_t>(about, "id", "run.");
        run.variant = text(about, "variant", "run.");
        run.model = text(about, "model", "run.");
        run.fingerprint = text(about, "fingerprint", "run.");
        if (about.contains("plan")) run.plan = text(about, "plan", "run.");
        run.created = text(about, "created", "run.");
        run.imported = flag(about, "imported", "run.");
        run.complete = true;
        run.settings = settings(file, "settings", "");
        const json& tasks = list(file, "tasks", "");
        for (std::size_t i = 0; i < tasks.size(); ++i)
            run.tasks.push_back(task(tasks[i], fmt::format("tasks[{}].", i)));
        return run;
    }

private:
    [[noreturn]] void fail(const std::string& place, const std::string& what) const {
        throw base::UsageError(place.empty() ? fmt::format("{}: {}", path_, what)
                                             : fmt::format("{}: {}: {}", path_, place, what));
    }

    const json& field(const json& object, const char* name, const std::string& place) const {
        if (!object.is_object() || !object.contains(name)) fail(place + name, "is missing");
        return object[name];
    }

    const json& list(const json& object, const char* name, const std::string& place) const {
        const json& found = field(object, name, place);
        if (!found.is_array()) fail(place + name, "expected a list");
        return found;
    }

    std::string text(const json& object, const char* name, const std::string& place) const {
        const json& found = field(object, name, place);
        if (!found.is_string()) fail(place + name, "expected a string");
        return found.get<std::string>();
    }

    bool flag(const json& object, const char* name, const std::string& place) const {
        const json& found = field(object, name, place);
        if (!found.is_boolean()) fail(place + name, "expected true or false");
        return found.get<bool>();
    }

    template <class Number>
    Number number(const json& object, const char* name, const std::string& place) const {
        const json& found = field(object, name, place);
        if (!found.is_number_integer() || found < 0 || found > std::numeric_limits<Number>::max())
            fail(place + name, "expected a whole number");
        return found.get<Number>();
    }

    /// NaN for null.
    double real(const json& object, const char* name, const std::string& place) const {
        const json& found = field(object, name, place);
        if (!found.is_number() && !found.is_null()) fail(place + name, "expected a number or null");
        return found.is_number() ? found.get<double>() : std::nan("");
    }

    Settings settings(const json& object, const char* name, const std::string& place) const {
        Settings found;
        const json& values = field(object, name, place);
        if (!values.is_object()) fail(place + name, "expected an object");
        for (const auto& [setting, value] : values.items()) {
            if (!value.is_string()) fail(fmt::format("{}{}.{}", place, name, setting), "expected a string");
            found.push_back({setting, value.get<std::string>()});
        }
        return found;
    }

    TaskView task(const json& object, const std::string& place) const {
        TaskView view;
        view.task = text(object, "task", place);
        view.profile = text(object, "profile", place);
        view.version = number<std::uint32_t>(object, "version", place);
        view.fewshot = number<std::uint32_t>(object, "fewshot", place);
        view.planned = number<std::uint64_t>(object, "planned", place);
        view.docs.imported = flag(object, "imported", place);
        view.settings = settings(object, "settings", place);
        view.definition = settings(object, "definition", place);
        std::vector<bool> weighted;
        for (const json& found : list(object, "metrics", place)) {
            view.metrics.push_back(metric(found, place + "metrics."));
            weighted.push_back(found.contains("weighted") && flag(found, "weighted", place + "metrics."));
        }
        const json& items = list(object, "items", place);
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string here = fmt::format("{}items[{}]", place, i);
            if (!items[i].is_string()) fail(here, "expected a string");
            add_item(items[i].get_ref<const std::string&>(), here, weighted, view);
        }
        view.items = items.size();
        return view;
    }

    MetricValues metric(const json& object, const std::string& place) const {
        MetricValues metric{.name = text(object, "name", place),
                            .higher_is_better = flag(object, "higher_is_better", place),
                            .values = {}};
        metric.value = real(object, "value", place);
        metric.standard_error = real(object, "standard_error", place);
        if (object.contains("logarithms") && flag(object, "logarithms", place))
            metric.scale = reports::data::Scale::Exponential;
        if (!object.contains("scorer")) return metric;
        const json& scorer = field(object, "scorer", place);
        metric.scorer = {.option = text(scorer, "option", place + "scorer."),
                         .measure = text(scorer, "measure", place + "scorer."),
                         .version = text(scorer, "version", place + "scorer.")};
        return metric;
    }

    void add_item(const std::string& line, const std::string& place, const std::vector<bool>& weighted,
                  TaskView& view) const {
        const std::vector<std::string> words = split(line, ' ');
        if (words.size() != kWordsBeforeScores + view.metrics.size())
            fail(place, fmt::format("expected {} words", kWordsBeforeScores + view.metrics.size()));
        view.docs.numbers.push_back(whole(words[0], 10, place));
        view.docs.contents.push_back(whole(words[1], 16, place));
        view.docs.rows.push_back(whole(words[2], 16, place));
        view.docs.asked.push_back(whole(words[3], 16, place));
        view.docs.answered.push_back(whole(words[4], 16, place));
        for (std::size_t i = 0; i < view.metrics.size(); ++i)
            add_score(words[kWordsBeforeScores + i], place, weighted[i], view.metrics[i]);
    }

    void add_score(const std::string& word, const std::string& place, bool is_weighted, MetricValues& metric) const {
        if (!is_weighted) return metric.values.push_back(score(word, place));
        const std::vector<std::string> parts = split(word, '*');
        metric.values.push_back(score(parts.front(), place));
        metric.weights.push_back(1);
        if (!metric.values.back()) return;
        const std::optional<double> weight = parts.size() == 2 ? score(parts.back(), place) : std::nullopt;
        if (!weight || *weight <= 0) fail(place, fmt::format("'{}' is not a score with its weight", word));
        metric.weights.back() = *weight;
    }

    static std::vector<std::string> split(const std::string& line, char separator) {
        std::vector<std::string> words(1);
        for (const char c : line) {
            if (c == separator) {
                words.emplace_back();
            } else {
                words.back() += c;
            }
        }
        return words;
    }

    std::uint64_t whole(const std::string& word, int radix, const std::string& place) const {
        const auto value = base::number_from<std::uint64_t>(word, radix);
        if (!value) fail(place, fmt::format("'{}' is not a number", word));
        return *value;
    }

    std::optional<double> score(const std::string& word, const std::string& place) const {
        if (word == "-") return std::nullopt;
        const auto value = base::number_from<double>(word);
        if (!value || !std::isfinite(*value)) fail(place, fmt::format("'{}' is not a score", word));
        return value;
    }

    static constexpr std::size_t kWordsBeforeScores = 5;
    std::string path_;
};

}  // namespace

RunView gate_view(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog) {
    const store::ReadTransaction one_moment(runs.database());
    RunView view = run_view(runs, run, catalog);
    const std::vector<store::RunTaskRow> rows = runs.tasks(run.id);
    for (std::size_t i = 0; i < rows.size(); ++i) view.tasks.at(i).docs = documents_with_hashes(runs, rows[i]);
    add_gate_columns(runs, run, view);
    return view;
}

std::string baseline_text(const RunView& run) {
    ordered_json tasks = ordered_json::array();
    for (const TaskView& task : run.tasks) tasks.push_back(task_json(task));
    const ordered_json file = {{"baseline", kFormat},
                               {"run",
                                {{"id", run.id},
                                 {"variant", run.variant},
                                 {"model", run.model},
                                 {"fingerprint", run.fingerprint},
                                 {"plan", run.plan},
                                 {"created", run.created},
                                 {"imported", run.imported}}},
                               {"settings", settings_json(run.settings)},
                               {"tasks", tasks}};
    const std::string whole = file.dump(1, ' ', false, ordered_json::error_handler_t::replace);
    // Inside a string the quotes would have a backslash before them, so that this is the list of a task.
    constexpr std::string_view kItems = R"("items": )";
    constexpr std::string_view kNoItems = R"("items": [])";
    std::string text;
    std::size_t from = 0;
    for (const TaskView& task : run.tasks) {
        const std::size_t at = whole.find(kNoItems, from);
        text += whole.substr(from, at + kItems.size() - from);
        append_items(task, text);
        from = at + kNoItems.size();
    }
    return text + whole.substr(from) + "\n";
}

RunView parse_baseline(std::string_view text, const std::string& path) {
    return BaselineReader(path).read(base::parse_json(text, path));
}

}  // namespace harness::results
