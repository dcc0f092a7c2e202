#include "harness/interchange/lm_eval_results.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>

#include "harness/base/json.hpp"
#include "harness/interchange/lm_eval_rows.hpp"
#include "harness/interchange/lm_eval_sample.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool is_date(std::string_view text) {
    return text.size() >= 10 && text.find_first_not_of("0123456789-T.:") == std::string_view::npos && text[4] == '-' &&
           text[7] == '-';
}

/// A file's name without endings and date, and its date; "" if it has none.
struct LogName {
    std::string stem;
    std::string date;
};

LogName log_name(const std::string& path) {
    std::string name = fs::path(path).filename().string();
    for (const char* ending : {".gz", ".jsonl", ".json"}) {
        if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
    }
    const std::size_t cut = name.rfind('_');
    if (cut == std::string::npos || !is_date(std::string_view(name).substr(cut + 1))) return {name, ""};
    return {name.substr(0, cut), name.substr(cut + 1)};
}

fs::path results_path(const fs::path& folder, const std::string& date) {
    if (date.empty()) return folder / "results.json";
    fs::path usual = folder / ("results_" + date + ".json");
    if (fs::is_regular_file(usual)) return usual;
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
        if (entry.path().filename().string().ends_with("_" + date + ".json")) found.push_back(entry.path());
    }
    return found.empty() ? usual : *std::min_element(found.begin(), found.end());
}

json entry(const json& object, const std::string& name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : json();
}

std::optional<std::uint64_t> number(const json& value) {
    if (!value.is_number() || value.get<double>() < 0 || value.get<double>() >= 1e9) return std::nullopt;
    return static_cast<std::uint64_t>(value.get<double>());
}

}  // namespace

std::string lm_eval_task_name(const std::string& path) {
    const std::string stem = log_name(path).stem;
    const std::string prefix = "samples_";
    return stem.size() > prefix.size() && stem.starts_with(prefix) ? stem.substr(prefix.size()) : stem;
}

LmEvalResults::LmEvalResults(const std::string& path) : task_(lm_eval_task_name(path)) {
    const LogName name = log_name(path);
    const fs::path results = results_path(fs::path(path).parent_path(), name.date);
    if (!fs::is_regular_file(results)) return;
    const std::string text = plain_json(suites::read_text(results.string()));
    // results.json without the samples' date may be any file, so errors in it are ignored.
    json parsed = name.date.empty() ? base::json_or_null(text) : base::parse_json(text, results.string());
    if (!parsed.is_object() && !name.date.empty()) {
        throw InterchangeError(results.string() +
                               ": is not a JSON object; move it away to import the samples without it");
    }
    const json scores = entry(parsed, "results");
    if (name.date.empty() && !scores.is_object()) return;
    results_ = std::move(parsed);
    if (!name.date.empty()) return;
    std::string longest;
    for (const auto& [task, ignored] : scores.items()) {
        if (name.stem.ends_with("_" + task) && task.size() > longest.size()) longest = task;
    }
    if (!longest.empty()) task_ = longest;
}

std::string LmEvalResults::model() const {
    if (const json name = entry(results_, "model_name"); name.is_string()) return name.get<std::string>();
    const json arguments = entry(entry(results_, "config"), "model_args");
    for (const char* key : {"pretrained", "model", "path", "engine"}) {
        if (const json named = entry(arguments, key); named.is_string()) return named.get<std::string>();
        if (!arguments.is_string()) continue;
        const std::string text = "," + arguments.get<std::string>();
        const std::size_t at = text.find(std::string(",") + key + "=");
        if (at == std::string::npos) continue;
        const std::size_t begin = text.find('=', at) + 1;
        return text.substr(begin, text.find(',', begin) - begin);
    }
    return "";
}

json LmEvalResults::of_task(const char* first) const {
    return entry(entry(results_, first), task_);
}

std::uint32_t LmEvalResults::count(const char* name) const {
    return static_cast<std::uint32_t>(number(of_task(name)).value_or(0));
}

std::string LmEvalResults::profile() const {
    const json profile = entry(entry(of_task("configs"), "metadata"), "profile");
    return profile.is_string() ? profile.get<std::string>() : "lmeval";
}

json LmEvalResults::higher_is_better() const {
    const json told = of_task("higher_is_better");
    return told.is_object() ? told : json::object();
}

std::vector<std::string> LmEvalResults::filters() const {
    const json list = entry(of_task("configs"), "filter_list");
    std::vector<std::string> names;
    if (list.is_array()) {
        for (const json& filter : list) {
            if (const json name = entry(filter, "name"); name.is_string()) names.push_back(name.get<std::string>());
        }
        return names;
    }
    // From "exact_match,none": works for a single filter only; with several, their order is unknown.
    std::set<std::string> scored;
    const json scores = of_task("results");
    for (const auto& [metric, value] : scores.items()) {
        if (metric.find(',') != std::string::npos) scored.insert(metric.substr(metric.find(',') + 1));
    }
    if (scored.size() == 1) names.push_back(*scored.begin());
    return names;
}

std::optional<std::uint64_t> LmEvalResults::documents() const {
    return number(entry(of_task("n-samples"), "effective"));
}

}  // namespace harness::interchange
