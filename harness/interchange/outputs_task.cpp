#include "harness/interchange/outputs_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/interchange/error.hpp"
#include "harness/interchange/outputs_documents.hpp"
#include "harness/run/item_rows.hpp"

namespace harness::interchange {
namespace {

using nlohmann::json;

constexpr const char* kSeveral = "several values";

/// The prompt as the model was asked, as far as the row tells: a text with one turn alone is not all of it.
std::string asked_prompt(const OutputRow& row, const suites::Item& item) {
    const std::vector<suites::Message>& turns = turns_of(item);
    if (!row.prompt.empty() && row.prompt != turns.back().content) return row.prompt;
    return suites::plain_text(row.turns.empty() ? turns : row.turns);
}

suites::Response response_of(const OutputRow& row) {
    suites::Response response;
    response.output = row.output;
    if (row.cut_tokens) response.truncated = *row.cut_tokens > 0;
    if (!row.finish.empty()) response.length_limited = row.finish == "length";
    return response;
}

/// What the task would have asked of a generation says nothing of one that was made elsewhere: only what rows tell
/// stays.
void leave_out_untold(const json& settings, store::RunTaskRow& row) {
    json definition = base::json_or_null(row.definition_json);
    for (const char* name : {"max_tokens", "temperature", "top_p"}) {
        if (!settings.contains(name)) definition.erase(name);
    }
    row.definition_json = base::json_text(definition);
    if (settings.contains("max_tokens")) return;
    json generation = base::json_or_null(row.generation_json);
    generation.erase("max_gen_toks");
    row.generation_json = base::json_text(generation);
}

/// What the rows tell of their generations, in place of the task's own.
run::RunOptions told_options(const json& settings, std::uint32_t samples, const suites::Task& task,
                             run::RunOptions options) {
    constexpr std::uint64_t kMaxTokens = 1U << 20U;
    const json tokens = settings.value("max_tokens", json());
    if (tokens.is_number_unsigned() && tokens > 0 && tokens <= kMaxTokens)
        options.max_tokens = tokens.get<std::uint32_t>();
    const json definition = base::json_or_null(task.definition());
    if (definition.value("repeats", 1U) == samples) return options;
    options.samples = samples;
    // Several samples need a temperature; where none is told, which one does not matter and is left out afterwards.
    const json temperature = settings.value("temperature", json());
    options.temperature = 1;
    if (temperature.is_number() && temperature > 0 && temperature <= 100)
        options.temperature = temperature.get<float>();
    return options;
}

}  // namespace

std::string common_settings(const std::vector<const OutputRow*>& rows) {
    json common = json::object();
    std::string last;  // most rows have the text of the row before
    for (const OutputRow* row : rows) {
        if (row->settings_json.empty() || row->settings_json == last) continue;
        last = row->settings_json;
        const json settings = base::parse_json(last, row->where);
        for (const auto& [name, value] : settings.items()) {
            const auto [place, is_new] = common.emplace(name, value);
            if (!is_new && *place != value) *place = kSeveral;
        }
    }
    return base::json_text(common);
}

void OutputsOfTask::add(const OutputRow& row, const std::vector<std::size_t>& documents) {
    const std::size_t* place = nullptr;
    const auto count = [this](std::size_t document) {
        const auto found = answers_.find(document);
        return found == answers_.end() ? std::size_t{0} : found->second.size();
    };
    for (const std::size_t& document : documents) {
        const bool is_free = !row.sample || count(document) == 0 || !answers_[document].contains(*row.sample);
        if (is_free && (place == nullptr || (!row.sample && count(document) < count(*place)))) place = &document;
    }
    if (place == nullptr)
        throw InterchangeError(
            fmt::format("{}: field \"sample\": the prompt has an output with the number {} already, {}", row.where,
                        *row.sample, answers_[documents.front()][*row.sample]->where));
    Samples& samples = answers_[*place];
    std::uint32_t sample = row.sample.value_or(0);
    while (samples.contains(sample)) ++sample;
    samples[sample] = &row;
    rows_.push_back(&row);
}

std::uint32_t OutputsOfTask::samples() const {
    const Samples& most = std::max_element(answers_.begin(), answers_.end(), [](const auto& a, const auto& b) {
                              return a.second.size() < b.second.size();
                          })->second;
    for (const auto& [document, samples] : answers_) {
        const auto error = std::find_if(samples.begin(), samples.end(),
                                        [](const auto& sample) { return !sample.second->error.empty(); });
        if (error != samples.end()) {
            if (samples.size() == 1) continue;
            throw InterchangeError(
                fmt::format("{}: field \"error\": the prompt has outputs too", error->second->where));
        }
        if (samples.rbegin()->first >= samples.size())
            throw InterchangeError(fmt::format("{}: field \"sample\": is {}, and lower numbers are missing",
                                               samples.rbegin()->second->where, samples.rbegin()->first));
        if (samples.size() != most.size())
            throw InterchangeError(
                fmt::format("{}: the prompt has {} outputs, that of {} has {}; each needs as many, or is left out",
                            samples.begin()->second->where, samples.size(), most.begin()->second->where, most.size()));
    }
    return static_cast<std::uint32_t>(most.size());
}

store::ItemRow OutputsOfTask::item(const run::PlannedTask& planned, const suites::Item& item, const Samples& samples) {
    store::ItemRow row = run::item_row(item);
    row.error = samples.begin()->second->error;
    if (!row.error.empty()) return row;
    std::vector<suites::Response> responses;
    for (const auto& [number, output] : samples) {
        row.requests.push_back({.kind = "generate",
                                .context = asked_prompt(*output, item),
                                .output = output->output,
                                .finish = output->finish,
                                .cut_tokens = output->cut_tokens.value_or(0)});
        responses.push_back(response_of(*output));
    }
    run::add_grades(planned.task, planned.task.grade(item, responses, planned.grader.grade), row);
    return row;
}

store::ImportedTask OutputsOfTask::graded(const run::PlannedTask& planned) const {
    const json settings = base::parse_json(common_settings(rows_), planned.task.name());
    const run::PlannedTask asked = run::plan_task(task_, told_options(settings, samples(), task_, options_));
    store::ImportedTask result{.task = run::task_row(asked), .items = {}, .graded = store::GradedBy::ThisHarness};
    leave_out_untold(settings, result.task);
    for (const auto& [place, samples] : answers_) result.items.push_back(item(asked, asked.items.at(place), samples));
    std::uint64_t documents = 0;
    for (const OutputRow* row : rows_) documents = std::max(documents, row->documents.value_or(0));
    if (documents > 0) result.task.planned_items = std::max<std::uint64_t>(documents, result.items.size());
    if (result.items.back().doc >= result.task.planned_items) result.task.selection = "sample";
    return result;
}

}  // namespace harness::interchange
