#include "harness/interchange/lm_eval_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/interchange/digest.hpp"
#include "harness/interchange/task_record.hpp"
#include "suites/rows.hpp"

namespace harness::interchange {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_date(std::string_view text) {
    return text.size() >= 10 && text.find_first_not_of("0123456789-T.:") == std::string_view::npos && text[4] == '-' &&
           text[7] == '-';
}

/// A file's name without endings, its date apart. "" where it has none.
struct LogName {
    std::string stem;
    std::string date;
};

LogName log_name(const std::string& path) {
    std::string name = std::filesystem::path(path).filename().string();
    for (const char* ending : {".gz", ".jsonl", ".json"}) {
        if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
    }
    const std::size_t cut = name.rfind('_');
    if (cut == std::string::npos || !is_date(std::string_view(name).substr(cut + 1))) return {name, ""};
    return {name.substr(0, cut), name.substr(cut + 1)};
}

/// The aggregate results written with a sample log; an empty object when they are not beside it.
json results_beside(const std::string& path) {
    const LogName name = log_name(path);
    if (name.date.empty()) return json::object();
    const std::filesystem::path results =
        std::filesystem::path(path).parent_path() / ("results_" + name.date + ".json");
    if (!std::filesystem::is_regular_file(results)) return json::object();
    const json parsed = json::parse(suites::read_text(results.string()), nullptr, false);
    if (!parsed.is_object()) {
        throw InterchangeError(results.string() +
                               ": is not a JSON object; move it away to import the samples without it");
    }
    return parsed;
}

/// `object[first][second]` when that is there.
json entry(const json& object, const char* first, const std::string& second) {
    const auto outer = object.find(first);
    if (outer == object.end() || !outer->is_object() || !outer->contains(second)) return nullptr;
    return (*outer)[second];
}

std::uint32_t count_of(const json& value) {
    if (value.is_number() && value.get<double>() >= 0 && value.get<double>() < 1e6)
        return static_cast<std::uint32_t>(value.get<double>());
    return 0;
}

/// Our own export tells it; logs of lm-evaluation-harness are of its own rules.
std::string profile_in(const json& results, const std::string& task) {
    const json profile = entry(entry(results, "configs", task), "metadata", "profile");
    return profile.is_string() ? profile.get<std::string>() : "lmeval";
}

/// The rows of one file, joined by document: a document is logged once for each filter.
class Log {
public:
    explicit Log(const std::string& path) : path_(path) {
        const std::string text = suites::read_text(path);
        digest_ = interchange::digest(text);
        std::size_t number = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string_view line(text.data() + at, end - at);
            at = end + 1;
            ++number;
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
            const std::string where = fmt::format("{}: row {}", path_, number);
            add(parse_lm_eval_sample(line, where), where);
        }
        if (items_.empty()) throw InterchangeError(path_ + ": has no samples");
    }

    const std::string& digest() const { return digest_; }

    store::ImportedTask task(const std::string& profile, const json& results) {
        const std::string name = lm_eval_task_name(path_);
        const json told = entry(results, "higher_is_better", name);
        store::ImportedTask task;
        task.task = {.id = 0,
                     .task = name,
                     .version = count_of(entry(results, "versions", name)),
                     .profile = profile.empty() ? profile_in(results, name) : profile,
                     .fewshot = count_of(entry(results, "n-shot", name)),
                     .definition_json =
                         TaskRecord::imported(kind_, metrics_, told.is_object() ? told : json::object(), generation_),
                     .planned_items = items_.size()};
        for (auto& [doc, item] : items_) task.items.push_back(std::move(item));
        return task;
    }

private:
    void add(LmEvalSample sample, const std::string& where) {
        if (!seen_.insert({sample.doc, sample.filter}).second) {
            throw InterchangeError(fmt::format("{}: document {} is there twice{}", where, sample.doc,
                                               sample.filter.empty() ? "" : " under the filter " + sample.filter));
        }
        const std::string& kind = sample.requests.front().kind;
        if (kind_.empty()) kind_ = kind;
        if (kind != kind_)
            throw InterchangeError(
                fmt::format("{}: is of kind {}, the rows before are of kind {}", where, kind, kind_));
        if (generation_.is_null() && !sample.generation_json.empty()) generation_ = json::parse(sample.generation_json);
        for (const std::string& metric : sample.metrics) {
            if (std::find(metrics_.begin(), metrics_.end(), metric) == metrics_.end()) metrics_.push_back(metric);
        }
        const auto [found, fresh] = items_.try_emplace(sample.doc);
        store::ItemRow& item = found->second;
        if (fresh) {
            item = {.doc = sample.doc,
                    .document_json = std::move(sample.document_json),
                    .target = std::move(sample.target),
                    .error = "",
                    .requests = std::move(sample.requests),
                    .scores = std::move(sample.scores)};
            return;
        }
        if (item.document_json != sample.document_json ||
            item.requests.front().context != sample.requests.front().context) {
            throw InterchangeError(
                fmt::format("{}: document {} has another text or prompt than in a row before", where, sample.doc));
        }
        item.scores.insert(item.scores.end(), sample.scores.begin(), sample.scores.end());
    }

    std::string path_;
    std::string digest_;
    std::string kind_;
    json generation_;
    std::vector<std::string> metrics_;
    std::map<std::uint64_t, store::ItemRow> items_;
    std::set<std::pair<std::uint64_t, std::string>> seen_;
};

std::string name_in(const json& results) {
    const auto named = results.find("model_name");
    return named != results.end() && named->is_string() ? named->get<std::string>() : "";
}

}  // namespace

std::string lm_eval_task_name(const std::string& path) {
    const std::string stem = log_name(path).stem;
    const std::string prefix = "samples_";
    return stem.size() > prefix.size() && stem.starts_with(prefix) ? stem.substr(prefix.size()) : stem;
}

ImportedRun read_lm_eval(const LmEvalImport& request) {
    ImportedRun run;
    std::string name = request.model;
    json files = json::array();
    std::map<std::string, std::string> digests;  // by task, so that the order of the files does not matter
    for (const std::string& path : request.files) {
        Log log(path);
        const json results = results_beside(path);
        if (name.empty()) name = name_in(results);
        store::ImportedTask task = log.task(request.profile, results);
        if (!digests.emplace(task.task.task, log.digest()).second) {
            throw InterchangeError(
                fmt::format("{}: a file before is of the task {} too; import them one by one", path, task.task.task));
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
    const std::string fingerprint = digest(dump(digests));
    run.model = {fingerprint, name, "sample log of lm-evaluation-harness",
                 dump({{"name", name}, {"import", "lm-eval"}, {"files", files}})};
    run.plan = {.id = 0,
                .plan_hash = digest(dump(plan)),
                .plan_json = dump(plan),
                .model_fingerprint = fingerprint,
                .model_name = name,
                .variant = name,
                .created = "",
                .finished = ""};
    return run;
}

}  // namespace harness::interchange
