#include "suites/published.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "suites/data/embedded.hpp"
#include "suites/data/json_text.hpp"
#include "suites/error.hpp"
#include "suites/suggestion.hpp"

namespace suites {
namespace {

using nlohmann::ordered_json;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return result;
}

[[noreturn]] void unknown(const char* what, const std::string& wrong, const std::vector<std::string>& known) {
    throw SuiteError(fmt::format("there are no published numbers for the {} '{}'{}", what, wrong,
                                 suggestion(wrong, {known.begin(), known.end()})));
}

bool names(const ordered_json& remark, const char* field, const std::string& value) {
    return !remark.contains(field) ||
           std::find(remark[field].begin(), remark[field].end(), value) != remark[field].end();
}

void add_remarks(const ordered_json& remarks, PublishedValue& cell) {
    const double scale = cell.percent ? 100 : 1;
    for (const ordered_json& remark : remarks) {
        const bool task = !remark.contains("task") || remark["task"] == cell.task;
        if (!task || !names(remark, "tables", cell.table) || !names(remark, "models", cell.model)) continue;
        const bool error = remark["kind"] == "error";
        cell.mark = error || cell.mark == PublishedMark::Error ? PublishedMark::Error : PublishedMark::Note;
        cell.remark += (cell.remark.empty() ? "" : "; ") + remark["note"].get<std::string>();
        if (error && remark.contains("corrected")) cell.corrected = remark["corrected"].get<double>() / scale;
    }
}

void add_table(const ordered_json& file, const ordered_json& table, std::vector<PublishedValue>& cells) {
    const bool percent = table.at("unit") == "percent";
    for (const auto& [model, values] : table.at("rows").items()) {
        const ordered_json& columns = table.at("columns");
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const ordered_json& column = columns[i];
            if (values.at(i).is_null()) continue;
            PublishedValue cell{.model = model,
                                .task = column.at("task"),
                                .profile = table.value("profile", file.at("profile").get<std::string>()),
                                .metric = column.at("metric"),
                                .shots = std::nullopt,
                                .value = values[i].get<double>() / (percent ? 100 : 1),
                                .percent = percent,
                                .source = table.value("source", file.at("source").get<std::string>()),
                                .table = table.at("table"),
                                .mark = PublishedMark::None,
                                .remark = "",
                                .corrected = std::nullopt};
            if (column.contains("shots")) cell.shots = column["shots"].get<std::uint32_t>();
            add_remarks(file.at("remarks"), cell);
            cells.push_back(std::move(cell));
        }
    }
}

std::vector<std::string> distinct(std::string PublishedValue::*field) {
    std::vector<std::string> found;
    for (const PublishedValue& cell : published_values()) {
        if (std::find(found.begin(), found.end(), cell.*field) == found.end()) found.push_back(cell.*field);
    }
    return found;
}

}  // namespace

const std::vector<PublishedValue>& published_values() {
    static const std::vector<PublishedValue> kCells = [] {
        std::vector<PublishedValue> cells;
        for (const EmbeddedFile& embedded : data::published_files()) {
            const ordered_json file = data::ordered_json_or_null(embedded.content);
            for (const ordered_json& table : file.at("tables")) add_table(file, table, cells);
        }
        return cells;
    }();
    return kCells;
}

std::vector<std::string> published_models() {
    return distinct(&PublishedValue::model);
}

std::vector<PublishedValue> published_for(std::string_view model) {
    const std::string name = lower(model);
    std::vector<PublishedValue> found;
    for (const PublishedValue& cell : published_values()) {
        if (cell.model == name) found.push_back(cell);
    }
    if (found.empty()) unknown("model", name, published_models());
    return found;
}

std::vector<PublishedValue> published_for(std::string_view model, std::string_view task) {
    const std::string_view prefix = "paper_";
    std::string name(task.starts_with(prefix) ? task.substr(prefix.size()) : task);
    // Names such as "humaneval_100" are a benchmark with that many samples; its published numbers have the benchmark's
    // name.
    const std::size_t samples = name.find_last_not_of("0123456789");
    if (samples != std::string::npos && samples + 1 < name.size() && name[samples] == '_') name.resize(samples);
    std::vector<PublishedValue> found = published_for(model);
    std::erase_if(found, [&name](const PublishedValue& cell) { return cell.task != name; });
    if (!found.empty()) return found;
    const std::vector<std::string> tasks = distinct(&PublishedValue::task);
    if (std::find(tasks.begin(), tasks.end(), name) == tasks.end()) unknown("task", name, tasks);
    return found;
}

}  // namespace suites
