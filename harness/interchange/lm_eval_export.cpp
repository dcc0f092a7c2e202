#include "harness/interchange/lm_eval_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/base/json_append.hpp"
#include "harness/base/sha256.hpp"
#include "harness/interchange/json_writing.hpp"
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
        ordered_json results = {{"alias", task_}};
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
        ordered_json config = {{"task", task_},
                               {"output_type", output_type()},
                               {"num_fewshot", row_.fewshot},
                               {"metric_list", std::move(metrics)},
                               {"metadata", {{"version", row_.version}, {"profile", row_.profile}}}};
        if (!record_.generation().is_null()) config["generation_kwargs"] = record_.generation();
        for (const suites::MetricDefinition& counter : record_.counters())
            better[split(counter.name).first] = counter.higher_is_better();
        document["results"][task_] = std::move(results);
        document["group_subtasks"][task_] = ordered_json::array();
        document["configs"][task_] = std::move(config);
        document["versions"][task_] = row_.version;
        document["n-shot"][task_] = row_.fewshot;
        document["higher_is_better"][task_] = std::move(better);
        document["n-samples"][task_] = {{"original", row_.planned_items}, {"effective", logged_}};
        document["task_hashes"][task_] = hash();
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
    const std::pair<std::string, std::string>& named(const std::string& metric) const {
        const auto known = named_.find(metric);
        if (known != named_.end()) return known->second;
        return named_.emplace(metric, split(lm_eval_metric(row_.task, metric))).first->second;
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

    /// An item's arguments and answers, as JSON text. Several samples of one prompt are one argument with several
    /// answers.
    struct Requests {
        JsonList arguments{'{', '}'};
        JsonList answers{'[', ']'};
        JsonList filtered{'[', ']'};
        /// JSON cannot hold bytes that are not UTF-8: in `answers` they become U+FFFD. As `answers`, with the original
        /// bytes there and null elsewhere.
        JsonList bytes{'[', ']'};
        bool has_bytes = false;
        std::string_view prompt;  ///< the first argument's text
    };

    Requests requests_of(const store::ItemRow& item, const std::string& filter, const ordered_json& document,
                         Numbers numbers) const {
        Requests requests;
        std::size_t count = 0;
        for (std::size_t i = 0; i < item.requests.size(); ++i) {
            const store::RequestRow& request = item.requests[i];
            const bool is_rolling = request.kind == "rolling";
            const std::string& text = is_rolling ? request.continuation : request.context;
            if (count == 0) requests.prompt = text;
            std::string& argument = requests.arguments.next();
            fmt::format_to(std::back_inserter(argument), "\"gen_args_{}\":{{\"arg_0\":", count++);
            base::append_json(argument, text);
            if (request.kind == "generate") {
                argument += ",\"arg_1\":";
                append(argument, generation_, numbers);
                std::vector<std::string> samples = {request.output};
                while (i + 1 < item.requests.size() && is_sample_of(item.requests[i + 1], request))
                    samples.push_back(item.requests[++i].output);
                add_samples(samples, requests);
                append(requests.filtered.next(), graded(filter, item, samples, document), numbers);
            } else {
                std::string answer = fmt::format("\"{}\"", python_number(request.logprob));
                if (!is_rolling) {
                    argument += ",\"arg_1\":";
                    base::append_json(argument, request.continuation);
                    answer = fmt::format("[{},\"{}\"]", answer, request.greedy ? "True" : "False");
                }
                requests.answers.next().append("[").append(answer).append("]");
                requests.filtered.next() += answer;
                requests.bytes.next() += "[null]";
            }
            argument += '}';
        }
        return requests;
    }

    static void add_samples(const std::vector<std::string>& samples, Requests& requests) {
        JsonList answers{'[', ']'};
        JsonList bytes{'[', ']'};
        for (const std::string& sample : samples) {
            base::append_json(answers.next(), sample);
            const bool is_kept = suites::is_utf8(sample);
            bytes.next() += is_kept ? "null" : "\"" + base::to_base64(sample) + "\"";
            requests.has_bytes = requests.has_bytes || !is_kept;
        }
        requests.answers.next() += answers.text();
        requests.bytes.next() += bytes.text();
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
            const auto& [name, own] = named(full);
            if (own == filter) {
                result[name] = number_or_null(value);
            } else if (filter == filters_.front() &&
                       std::find(filters_.begin(), filters_.end(), own) == filters_.end()) {
                result[fmt::format("{},{}", name, own)] = number_or_null(value);
            }
        }
        return result;
    }

    /// Writes the line of an item. By hand: a tree of JSON values for each of a million items takes longer than to read
    /// them.
    void add_row(const store::ItemRow& item, const suites::Scores& scores, const std::string& filter) {
        ordered_json document = document_of(item);
        if (document.is_null() && item.document_json != "null") document = item.document_json;
        const Numbers numbers = numbers_of(document);
        const Requests requests = requests_of(item, filter, document, numbers);
        const ordered_json scored = entries(scores, filter);
        const std::string target = lm_eval_target(task_, item.target, document);
        const std::string hashes[] = {base::sha256_hex(python_json(document)), base::sha256_hex(requests.prompt),
                                      base::sha256_hex(target)};
        for (const std::string& hash : hashes) hashes_.add(hash);
        JsonList line{'{', '}'};
        line.member("doc_id") += std::to_string(item.doc);
        append(line.member("doc"), document, numbers);
        base::append_json(line.member("target"), item.target);
        line.member("arguments") += requests.arguments.text();
        line.member("resps") += requests.answers.text();
        line.member("filtered_resps") += requests.filtered.text();
        if (requests.has_bytes) line.member(kOriginalBytes) += requests.bytes.text();
        base::append_json(line.member("filter"), filter);
        JsonList metrics{'[', ']'};
        for (const auto& [name, value] : members_of(scored)) base::append_json(metrics.next(), name);
        line.member("metrics") += metrics.text();
        line.member("doc_hash") += "\"" + hashes[0] + "\"";
        line.member("prompt_hash") += "\"" + hashes[1] + "\"";
        line.member("target_hash") += "\"" + hashes[2] + "\"";
        for (const auto& [name, value] : members_of(scored)) append(line.member(name), value, numbers);
        write_(line.text() + "\n");
    }

    const store::RunTaskRow& row_;
    std::string task_ = lm_eval_task(row_.task);
    mutable std::map<std::string, std::pair<std::string, std::string>> named_;  ///< what named() found
    results::TaskRecord record_;
    ordered_json generation_ = record_.generation();
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
    files.reserve(names.size());
    for (const std::string& name : names) files.push_back({name, contents[name]});
    return files;
}

}  // namespace harness::interchange
