#include "harness/interchange/lm_eval_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/licence.hpp"
#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/interchange/lm_eval_names.hpp"
#include "harness/interchange/lm_eval_rows.hpp"
#include "harness/results/imported_task.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using nlohmann::json;

/// Names of the filters for logs whose rows do not name them; each document has `count` rows.
std::vector<std::string> filter_names(const LmEvalResults& results, std::size_t count) {
    std::vector<std::string> names = results.filters();
    if (names.size() == count) return names;
    names.clear();
    for (std::size_t i = 1; i <= count; ++i) names.push_back(count == 1 ? "" : fmt::format("filter-{}", i));
    return names;
}

/// Joins the rows of one file by document: a document is logged once per filter.
class Log {
public:
    Log(const std::string& path, const LmEvalResults& results) : path_(path), task_(task_of_lm_eval(results.task())) {
        const std::string text = suites::read_text(path);
        digest_ = base::sha256_hex(text);
        std::vector<Unnamed> unnamed;
        std::map<std::uint64_t, std::size_t> rows_of;
        for_each_sample(text, path, [&](std::string_view row, std::size_t number) {
            const std::string where = fmt::format("{}: row {}", path_, number);
            LmEvalSample sample = parse_lm_eval_sample(row, where);
            if (sample.filter_named) {
                add(std::move(sample), where);
            } else {
                const std::size_t before = rows_of[sample.doc]++;
                unnamed.push_back({std::move(sample), where, before});
            }
        });
        add_unnamed(unnamed, rows_of, results);
        if (items_.empty()) throw InterchangeError(path_ + ": has no samples");
    }

    const std::string& digest() const { return digest_; }

    store::ImportedTask task(const std::string& profile, const LmEvalResults& results) {
        store::ImportedTask task;
        task.task = {.id = 0,
                     .task = task_,
                     .version = results.version(),
                     .profile = profile.empty() ? results.profile() : profile,
                     .fewshot = results.fewshot(),
                     .definition_json = "",
                     .planned_items = std::max<std::uint64_t>(items_.size(), results.documents().value_or(0))};
        results::describe({kind_, metrics_, directions(results), generation_}, task.task);
        for (auto& [doc, item] : items_) task.items.push_back(std::move(item));
        return task;
    }

private:
    /// Directions by our metric names.
    json directions(const LmEvalResults& results) const {
        const json theirs = results.higher_is_better();
        json told = json::object();
        for (const auto& [metric, higher] : theirs.items()) {
            const std::string ours = metric_of_lm_eval(task_, metric);
            told[ours.substr(0, ours.find(','))] = higher;
        }
        return told;
    }

    /// A row without a filter name, and the number of earlier rows of its document.
    struct Unnamed {
        LmEvalSample sample;
        std::string where;
        std::size_t before = 0;
    };

    void add_unnamed(std::vector<Unnamed>& rows, const std::map<std::uint64_t, std::size_t>& rows_of,
                     const LmEvalResults& results) {
        if (rows.empty()) return;
        const std::size_t count = rows_of.begin()->second;
        const std::vector<std::string> filters = filter_names(results, count);
        for (Unnamed& row : rows) {
            // All documents of a run have the same filters; in a log that was appended to twice they do not.
            if (rows_of.at(row.sample.doc) == count) row.sample.name_filter(filters[row.before]);
            add(std::move(row.sample), row.where);
        }
    }

    void add(LmEvalSample sample, const std::string& where) {
        if (!seen_.insert({sample.doc, sample.filter}).second) {
            throw InterchangeError(fmt::format("{}: duplicate document {}{}", where, sample.doc,
                                               sample.filter.empty() ? "" : " under the filter " + sample.filter));
        }
        for (std::string& metric : sample.metrics) metric = metric_of_lm_eval(task_, metric);
        for (store::ScoreRow& score : sample.scores) score.metric = metric_of_lm_eval(task_, score.metric);
        const std::string& kind = sample.requests.front().kind;
        if (kind_.empty()) kind_ = kind;
        if (kind != kind_)
            throw InterchangeError(fmt::format("{}: is of kind {}, earlier rows are of kind {}", where, kind, kind_));
        if (generation_.is_null() && !sample.generation_json.empty())
            generation_ = base::parse_json(sample.generation_json, where);
        for (const std::string& metric : sample.metrics) {
            if (std::find(metrics_.begin(), metrics_.end(), metric) == metrics_.end()) metrics_.push_back(metric);
        }
        const auto [found, fresh] = items_.try_emplace(sample.doc);
        store::ItemRow& item = found->second;
        std::vector<store::AnswerRow> answers = std::move(item.answers);
        add_answer(sample, answers);
        if (fresh) {
            item = {.doc = sample.doc,
                    .document_json = std::move(sample.document_json),
                    .target = std::move(sample.target),
                    .error = std::move(sample.error),
                    .requests = std::move(sample.requests),
                    .scores = std::move(sample.scores),
                    .answers = std::move(answers)};
            // A value that is not a log-probability must not look like one.
            if (!item.error.empty()) item.requests.clear();
            return;
        }
        if (!sample.error.empty()) sample.requests.clear();
        if (item.document_json != sample.document_json || item.requests != sample.requests) {
            throw InterchangeError(fmt::format("{}: document {} differs in text, prompt or answer from an earlier row",
                                               where, sample.doc));
        }
        item.answers = std::move(answers);
        item.scores.insert(item.scores.end(), sample.scores.begin(), sample.scores.end());
    }

    /// Adds the filtered generation if it differs from the output.
    static void add_answer(const LmEvalSample& sample, std::vector<store::AnswerRow>& answers) {
        if (sample.requests.front().kind != "generate" || !sample.graded) return;
        if (*sample.graded == sample.requests.front().output) return;
        answers.push_back({sample.filter.empty() ? "none" : sample.filter, *sample.graded});
        std::sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.filter < b.filter; });
    }

    std::string path_;
    std::string task_;
    std::string digest_;
    std::string kind_;
    json generation_;
    std::vector<std::string> metrics_;
    std::map<std::uint64_t, store::ItemRow> items_;
    std::set<std::pair<std::uint64_t, std::string>> seen_;
};

}  // namespace

ImportedRun read_lm_eval(const LmEvalImport& request) {
    ImportedRun run;
    std::string name = request.model;
    json files = json::array();
    std::map<std::string, std::string> digests;  // by task, so that the order of the files does not matter
    for (const std::string& path : request.files) {
        const LmEvalResults results(path);
        Log log(path, results);
        if (name.empty()) name = results.model();
        store::ImportedTask task = log.task(request.profile, results);
        if (!digests.emplace(task.task.task, log.digest()).second) {
            throw InterchangeError(
                fmt::format("{}: an earlier file has the task {} too; import them one by one", path, task.task.task));
        }
        files.push_back({{"file", std::filesystem::path(path).filename().string()},
                         {"sha256", log.digest()},
                         {"items", task.items.size()}});
        run.items += task.items.size();
        run.tasks.push_back(std::move(task));
    }
    if (name.empty()) name = "lm-eval import";
    std::sort(run.tasks.begin(), run.tasks.end(),
              [](const auto& a, const auto& b) { return a.task.task < b.task.task; });

    json plan = {{"import", "lm-eval"}, {"variant", name}, {"content", digests}, {"tasks", json::array()}};
    for (const store::ImportedTask& task : run.tasks) {
        plan["tasks"].push_back({{"task", task.task.task},
                                 {"profile", task.task.profile},
                                 {"version", task.task.version},
                                 {"fewshot", task.task.fewshot},
                                 {"definition", task.task.definition_json}});
    }
    const std::string fingerprint = base::sha256_hex(base::json_text(digests));
    const engine::Licence licence = engine::licence_of_name(name);
    run.model = {fingerprint, name, "sample log of lm-evaluation-harness",
                 base::json_text({{"name", name},
                                  {"import", "lm-eval"},
                                  {"files", files},
                                  {"licence", {{"name", licence.name}, {"basis", licence.basis}}}})};
    run.plan = {.id = 0,
                .plan_hash = base::sha256_hex(base::json_text(plan)),
                .plan_json = base::json_text(plan),
                .model_fingerprint = fingerprint,
                .model_name = name,
                .variant = name,
                .created = "",
                .finished = ""};
    return run;
}

}  // namespace harness::interchange
