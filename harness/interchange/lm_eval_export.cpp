#include "harness/interchange/lm_eval_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/base/sha256.hpp"
#include "harness/interchange/lm_eval_names.hpp"
#include "harness/interchange/lm_eval_sample.hpp"
#include "harness/interchange/lm_eval_target.hpp"
#include "harness/interchange/python_json.hpp"
#include "harness/results/generations.hpp"
#include "harness/results/task_record.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/transaction.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;

/// Viewers read the date from the file names and sort by it.
constexpr const char* kDate = "1970-01-01T00-00-00.000000";

std::string dump(const ordered_json& value, int indent = -1) {
    return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

/// Replaces the characters that lm-evaluation-harness replaces in file names.
std::string sanitised(const std::string& name) {
    std::string result;
    bool replaced = false;
    for (const char c : name) {
        const bool bad =
            std::string_view("\"<>:/\\|?*[]").find(c) != std::string_view::npos || static_cast<unsigned char>(c) < 0x20;
        if (!bad) result += c;
        if (bad && !replaced) result += "__";
        replaced = bad;
    }
    return result;
}

ordered_json number_or_null(const std::optional<double>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

/// "exact_match" and "strict-match" for "exact_match,strict-match"; without a filter "none".
std::pair<std::string, std::string> split(const std::string& metric) {
    const std::size_t comma = metric.find(',');
    if (comma == std::string::npos) return {metric, "none"};
    return {metric.substr(0, comma), metric.substr(comma + 1)};
}

/// The document of an item, with all digits of its numbers; null for text that is not a JSON row.
ordered_json document_of(const store::ItemRow& item) {
    try {
        return suites::parse_row(item.document_json);
    } catch (const suites::SuiteError&) {
        return nullptr;
    }
}

/// Whether any number in it is kept as text (suites/row.hpp).
bool holds_number_text(const ordered_json& value) {
    return value.is_binary() || (value.is_structured() && std::any_of(value.begin(), value.end(), holds_number_text));
}

/// Writes the rows of one task's log, and keeps the scores for its aggregates.
class TaskLog {
public:
    TaskLog(const store::RunStore& runs, const store::RunTaskRow& row, std::function<void(std::string_view)> write)
        : row_(row), record_(row), write_(std::move(write)) {
        for (const suites::MetricDefinition& metric : record_.metrics()) {
            const std::string filter = named(metric.name).second;
            if (std::find(filters_.begin(), filters_.end(), filter) == filters_.end()) filters_.push_back(filter);
        }
        store::ItemReader items(runs, row.id);
        while (const store::ItemRow* item = items.next()) {
            suites::Scores scores;
            for (const store::ScoreRow& score : item->scores) scores[score.metric] = score.value;
            if (item->error.empty() && !item->requests.empty()) {
                for (const std::string& filter : filters_) add_row(*item, scores, filter);
                ++logged_;
            }
            keep(scores);
        }
        for (auto& [name, values] : scores_) values.resize(items_);
    }

    std::string hash() const { return hashes_.hex(); }

    void add_to(ordered_json& document) const {
        const std::string task = lm_eval_task(row_.task);
        ordered_json results = {{"alias", task}};
        ordered_json metrics = ordered_json::array();
        ordered_json better = ordered_json::object();
        for (const suites::MetricDefinition& metric : record_.metrics()) {
            const auto [name, filter] = named(metric.name);
            const auto total = suites::aggregate(metric, scores_);
            if (total) {
                results[fmt::format("{},{}", name, filter)] = total->value;
                results[fmt::format("{}_stderr,{}", name, filter)] =
                    total->items < 2 ? ordered_json("N/A") : ordered_json(total->standard_error);
            }
            if (better.contains(name)) continue;
            better[name] = metric.higher_is_better();
            metrics.push_back(
                {{"metric", name},
                 {"aggregation", metric.aggregation == suites::Aggregation::Mean ? "mean" : "weighted_perplexity"},
                 {"higher_is_better", metric.higher_is_better()}});
        }
        ordered_json config = {{"task", task},
                               {"output_type", output_type()},
                               {"num_fewshot", row_.fewshot},
                               {"metric_list", std::move(metrics)},
                               {"metadata", {{"version", row_.version}, {"profile", row_.profile}}}};
        if (!record_.generation().is_null()) config["generation_kwargs"] = record_.generation();
        for (const suites::MetricDefinition& counter : record_.counters())
            better[split(counter.name).first] = counter.higher_is_better();
        document["results"][task] = std::move(results);
        document["group_subtasks"][task] = ordered_json::array();
        document["configs"][task] = std::move(config);
        document["versions"][task] = row_.version;
        document["n-shot"][task] = row_.fewshot;
        document["higher_is_better"][task] = std::move(better);
        document["n-samples"][task] = {{"original", row_.planned_items}, {"effective", logged_}};
        document["task_hashes"][task] = hash();
    }

private:
    /// Adds an item's scores to the columns.
    void keep(const suites::Scores& scores) {
        for (const auto& [name, value] : scores) {
            auto& values = scores_[name];
            values.resize(items_);
            values.push_back(value);
        }
        ++items_;
    }

    /// The name and filter of one of our metrics that viewers look for.
    std::pair<std::string, std::string> named(const std::string& metric) const {
        return split(lm_eval_metric(row_.task, metric));
    }

    const char* output_type() const {
        switch (record_.kind()) {
            case suites::TaskKind::Generate: return "generate_until";
            case suites::TaskKind::Rolling: return "loglikelihood_rolling";
            case suites::TaskKind::Choice:
            case suites::TaskKind::Continuation: break;
        }
        return "multiple_choice";
    }

    /// False for likelihoods of the same prompt (SQuAD's "no answer"), which have another kind.
    static bool is_sample_of(const store::RequestRow& request, const store::RequestRow& first) {
        return request.kind == first.kind && request.context == first.context;
    }

    /// The graded text: for HumanEval every sample as a complete program, otherwise the filtered outputs.
    ordered_json graded(const std::string& filter, const store::ItemRow& item, const std::vector<std::string>& samples,
                        const ordered_json& document) const {
        const auto prompt = document.is_object() ? document.find("prompt") : document.end();
        if (filter != "create_test" || !document.is_object() || prompt == document.end() || !prompt->is_string())
            return record_.filtered(filter, item, samples);
        ordered_json programs = ordered_json::array();
        for (const std::string& sample : samples)
            programs.push_back(prompt->get<std::string>() + results::cut_at(sample, results::stop_strings(row_)));
        return programs;
    }

    /// Adds arguments and answers to a row. Several samples of one prompt are one argument with several answers.
    void add_requests(const store::ItemRow& item, const std::string& filter, ordered_json& row) const {
        ordered_json arguments = ordered_json::object();
        ordered_json answers = ordered_json::array();
        ordered_json filtered = ordered_json::array();
        for (std::size_t i = 0; i < item.requests.size(); ++i) {
            const store::RequestRow& request = item.requests[i];
            const std::string key = fmt::format("gen_args_{}", arguments.size());
            if (request.kind == "choice") {
                const ordered_json answer = {python_number(request.logprob), request.greedy ? "True" : "False"};
                arguments[key] = {{"arg_0", request.context}, {"arg_1", request.continuation}};
                answers.push_back(ordered_json::array({answer}));
                filtered.push_back(answer);
            } else if (request.kind == "rolling") {
                arguments[key] = {{"arg_0", request.continuation}};
                answers.push_back(ordered_json::array({python_number(request.logprob)}));
                filtered.push_back(python_number(request.logprob));
            } else {
                arguments[key] = {{"arg_0", request.context}, {"arg_1", record_.generation()}};
                std::vector<std::string> samples = {request.output};
                while (i + 1 < item.requests.size() && is_sample_of(item.requests[i + 1], request))
                    samples.push_back(item.requests[++i].output);
                answers.push_back(samples);
                filtered.push_back(graded(filter, item, samples, row["doc"]));
            }
        }
        row["arguments"] = std::move(arguments);
        row["resps"] = std::move(answers);
        row["filtered_resps"] = std::move(filtered);
        add_bytes(row);
    }

    /// JSON cannot hold bytes that are not UTF-8: in `resps` they become U+FFFD; this adds the original bytes.
    static void add_bytes(ordered_json& row) {
        bool any = false;
        ordered_json bytes = ordered_json::array();
        for (const ordered_json& answers : row["resps"]) {
            ordered_json of_argument = ordered_json::array();
            for (const ordered_json& answer : answers) {
                const bool kept = !answer.is_string() || suites::is_utf8(answer.get_ref<const std::string&>());
                any = any || !kept;
                of_argument.push_back(kept ? ordered_json(nullptr)
                                           : ordered_json(base::to_base64(answer.get_ref<const std::string&>())));
            }
            bytes.push_back(std::move(of_argument));
        }
        if (any) row[kOriginalBytes] = std::move(bytes);
    }

    /// The item's scores as entries of its row under a filter. Scores without a row of their filter go into the first
    /// row, under their full name.
    ordered_json entries(const suites::Scores& scores, const std::string& filter) const {
        const auto score = [&scores](const std::string& name) {
            const auto found = scores.find(name);
            return number_or_null(found == scores.end() ? std::nullopt : found->second);
        };
        ordered_json result = ordered_json::object();
        if (record_.kind() == suites::TaskKind::Rolling) {
            for (const suites::MetricDefinition& metric : record_.metrics()) {
                result[metric.name] = {score("loglikelihood"),
                                       score(std::string(suites::units_of(metric.aggregation)))};
            }
            return result;
        }
        for (const auto& [full, value] : scores) {
            const auto [name, own] = named(full);
            if (own == filter) {
                result[name] = number_or_null(value);
            } else if (filter == filters_.front() &&
                       std::find(filters_.begin(), filters_.end(), own) == filters_.end()) {
                result[name + "," + own] = number_or_null(value);
            }
        }
        return result;
    }

    void add_row(const store::ItemRow& item, const suites::Scores& scores, const std::string& filter) {
        const ordered_json document = document_of(item);
        const bool is_json = !document.is_null() || item.document_json == "null";
        ordered_json row = {{"doc_id", item.doc},
                            {"doc", is_json ? document : ordered_json(item.document_json)},
                            {"target", item.target}};
        add_requests(item, filter, row);
        const ordered_json scored = entries(scores, filter);
        row["filter"] = filter;
        row["metrics"] = ordered_json::array();
        for (const auto& [name, value] : scored.items()) row["metrics"].push_back(name);
        const std::string prompt = row["arguments"].begin().value()["arg_0"];
        const std::string target = lm_eval_target(lm_eval_task(row_.task), item.target, row["doc"]);
        const std::string hashes[] = {base::sha256_hex(python_json(row["doc"])), base::sha256_hex(prompt),
                                      base::sha256_hex(target)};
        row["doc_hash"] = hashes[0];
        row["prompt_hash"] = hashes[1];
        row["target_hash"] = hashes[2];
        for (const std::string& hash : hashes) hashes_.add(hash);
        row.update(scored);
        write_((holds_number_text(document) ? suites::row_text(row) : dump(row)) + "\n");
    }

    const store::RunTaskRow& row_;
    results::TaskRecord record_;
    std::vector<std::string> filters_;  ///< sorted as in the metrics
    std::function<void(std::string_view)> write_;
    suites::ScoreColumns scores_;
    std::size_t items_ = 0;  ///< items in the columns
    std::size_t logged_ = 0;
    base::Sha256 hashes_;  ///< of the hashes of all rows
};

}  // namespace

std::vector<std::string> export_lm_eval(const store::RunStore& runs, const store::RunRow& run, const WriteFile& write) {
    const store::ReadTransaction one_moment(runs.database());
    ordered_json document;
    for (const char* part :
         {"results", "group_subtasks", "configs", "versions", "n-shot", "higher_is_better", "n-samples"}) {
        document[part] = ordered_json::object();
    }
    const ordered_json plan = base::ordered_json_or_null(run.plan_json);
    document["config"] = {
        {"model", "bellwether"},
        {"model_args", "model=" + run.variant},
        {"batch_size", nullptr},
        {"device", nullptr},
        {"limit", nullptr},
        {"fewshot_seed", plan.is_object() ? plan.value("seed", ordered_json(nullptr)) : ordered_json(nullptr)},
        {"model_fingerprint", run.model_fingerprint},
        {"plan_hash", run.plan_hash}};
    document["git_hash"] = nullptr;
    document["date"] = 0;
    document["task_hashes"] = ordered_json::object();
    std::vector<std::string> names = {fmt::format("results_{}.json", kDate)};
    const std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    for (const store::RunTaskRow& task : tasks) {
        names.push_back(fmt::format("samples_{}_{}.jsonl", sanitised(lm_eval_task(task.task)), kDate));
        write(names.back(), "");
        const TaskLog log(runs, task, [&](std::string_view line) { write(names.back(), line); });
        log.add_to(document);
    }
    document["model_source"] = "bellwether";
    document["model_name"] = run.variant;
    document["model_name_sanitized"] = sanitised(run.variant);
    document["start_time"] = 0;
    document["end_time"] = 0;
    document["total_evaluation_time_seconds"] = "0";
    write(names.front(), "");
    write(names.front(), dump(document, 2) + "\n");
    return names;
}

std::vector<ExportedFile> export_lm_eval(const store::RunStore& runs, const store::RunRow& run) {
    std::map<std::string, std::string> contents;
    const std::vector<std::string> names =
        export_lm_eval(runs, run, [&contents](const std::string& name, std::string_view part) {
            if (part.empty()) contents[name].clear();
            contents[name] += part;
        });
    std::vector<ExportedFile> files;
    for (const std::string& name : names) files.push_back({name, contents[name]});
    return files;
}

}  // namespace harness::interchange
