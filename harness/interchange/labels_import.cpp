#include "harness/interchange/labels_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/base/sha256.hpp"
#include "harness/interchange/error.hpp"
#include "harness/interchange/outputs_documents.hpp"
#include "harness/interchange/row_reader.hpp"
#include "harness/scoring/conversation.hpp"
#include "harness/store/item_reader.hpp"
#include "safety/refusal/refusal.hpp"

namespace harness::interchange {
namespace {

using store::StudyAnswerRow;
using suites::Row;

constexpr std::array kLabelFields = {"label", "rating", "final_label"};
constexpr std::array kRaterFields = {"rater", "annotator", "user_id", "worker_id"};

template <std::size_t N>
std::optional<std::string> text_of(const RowReader& row, const std::array<const char*, N>& names) {
    for (const char* name : names) {
        if (!row.has(name)) continue;
        const suites::Row& value = row.row()[name];
        return value.is_string() ? row.text(name) : std::optional(suites::row_text(value));
    }
    return std::nullopt;
}

std::optional<std::int64_t> refusal_value(const std::string& word) {
    const auto refusal = safety::refusal::refusal_from(word);
    return refusal ? std::optional(static_cast<std::int64_t>(*refusal)) : std::nullopt;
}

std::optional<std::int64_t> harm_value(const std::string& word) {
    static const std::map<std::string, std::int64_t> kWords = {
        {"safe", 0}, {"none", 0}, {"borderline", 1}, {"unsafe", 2}, {"violating", 2}};
    const auto found = kWords.find(word);
    return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> safety_value(const std::string& word) {
    return word.size() == 1 && word >= "1" && word <= "5" ? std::optional<std::int64_t>(word[0] - '0') : std::nullopt;
}

std::int64_t value_of(const std::string& protocol, const std::string& word) {
    const auto value = protocol == "refusal" ? refusal_value(word)
                       : protocol == "harm"  ? harm_value(word)
                                             : safety_value(word);
    if (value) return *value;
    fail_field("label", fmt::format("unknown value '{}'; known: {}", word.substr(0, 60),
                                    protocol == "refusal" ? "full_compliance, partial_refusal, full_refusal, no_answer"
                                    : protocol == "harm"  ? "safe, none, borderline, unsafe, violating"
                                                          : "1 to 5"));
}

/// A stored output that may be labelled.
struct Output {
    std::string id;  ///< of its document
    std::string turns_json;
    StudyAnswerRow answer;
};

/// The outputs of runs by id and by text.
class Outputs {
public:
    void add(const store::RunStore& runs, const store::RunRow& run) {
        for (const store::RunTaskRow& task : runs.tasks(run.id)) {
            store::ItemReader items(runs, task.id);
            while (const store::ItemRow* item = items.next()) add(*item, task.task, run);
        }
    }

    std::vector<std::size_t> find(const std::optional<std::string>& id, const std::optional<std::string>& text) const {
        std::vector<std::size_t> found;
        const auto range = id ? by_id_.equal_range(*id) : by_text_.equal_range(text.value_or(""));
        for (auto at = range.first; at != range.second; ++at) {
            if (!id || !text || all_[at->second].answer.text == *text) found.push_back(at->second);
        }
        return found;
    }
    const Output& at(std::size_t index) const { return all_[index]; }

private:
    void add(const store::ItemRow& item, const std::string& task, const store::RunRow& run) {
        for (std::size_t position = 0; position < item.requests.size(); ++position) {
            if (item.requests[position].kind != "generate") continue;
            all_.push_back({.id = document_id(item.document_json, item.doc),
                            .turns_json = turns_json(scoring::stored_answer(item, position).turns),
                            .answer = {.variant = run.variant,
                                       .run = run.plan_hash,
                                       .task = task,
                                       .doc = item.doc,
                                       .position = position,
                                       .text = item.requests[position].output}});
            by_id_.emplace(all_.back().id, all_.size() - 1);
            by_text_.emplace(all_.back().answer.text, all_.size() - 1);
        }
    }

    std::vector<Output> all_;
    std::multimap<std::string, std::size_t> by_id_;
    std::multimap<std::string, std::size_t> by_text_;
};

/// A label of one output.
struct Label {
    std::size_t output = 0;
    std::string rater;
    std::int64_t value = 0;
};

std::vector<Label> labels_in(const Outputs& outputs, const LabelsImport& request, std::string_view text,
                             ImportedLabels& result) {
    std::vector<Label> labels;
    std::set<std::pair<std::size_t, std::string>> seen;
    std::size_t number = 0;
    read_rows(text, request.path, [&](const Row& fields, const std::string&) {
        const RowReader row(fields);
        ++number;
        const auto id = text_of(row, kIdFields);
        const auto output = text_of(row, kOutputFields);
        if (!id && !output) fail_field("id", "is missing; write it, or \"output\"");
        const std::int64_t value = value_of(request.protocol, RowReader::needed(text_of(row, kLabelFields), "label"));
        const std::string rater = text_of(row, kRaterFields).value_or("unnamed");
        const std::vector<std::size_t> found = outputs.find(id, output);
        for (const std::size_t one : found) {
            if (!seen.emplace(one, rater).second)
                fail_field("rater", fmt::format("'{}' labelled the same output before; name the raters", rater));
            labels.push_back({one, rater, value});
        }
        if (!found.empty()) return;
        ++result.unmatched;
        if (result.first_unmatched.size() < kShownUnmatched)
            result.first_unmatched.push_back(
                fmt::format("row {}: {}", number, id.value_or(output.value_or("")).substr(0, 80)));
    });
    return labels;
}

/// Rows as our own export has them.
std::vector<RatingRow> rows_of(const Outputs& outputs, const std::vector<Label>& labels, const LabelsImport& request) {
    std::map<std::size_t, std::vector<const Label*>> by_output;
    for (const Label& label : labels) by_output[label.output].push_back(&label);
    std::size_t raters = 1;
    for (const auto& [output, list] : by_output) raters = std::max(raters, list.size());
    const std::string file = base::sha256_hex(request.name + request.protocol);
    std::vector<RatingRow> rows;
    std::uint64_t number = 0;
    for (const auto& [output, list] : by_output) {
        const Output& one = outputs.at(output);
        RatingRow row;
        row.study.name = request.name;
        row.study.protocol = request.protocol;
        row.study.raters = static_cast<std::uint32_t>(raters);
        row.item = {.number = number,
                    .category = one.answer.task,
                    .prompt_hash = base::sha256_hex(one.turns_json),
                    .turns_json = one.turns_json,
                    .answers = {one.answer}};
        for (const Label* label : list) {
            // Ids of raters and assignments are unique in a database: they carry the study.
            row.rating =
                store::Rating{.assignment = base::sha256_hex(fmt::format("{} {} {}", file, number, label->rater)),
                              .item = number,
                              .category = row.item.category,
                              .prompt_hash = row.item.prompt_hash,
                              .rater = fmt::format("{}/{}", request.name, label->rater),
                              .shown_value = label->value,
                              .value = label->value};
            rows.push_back(row);
        }
        ++number;
    }
    return rows;
}

}  // namespace

ImportedLabels read_labels(const store::RunStore& runs, const LabelsImport& request, std::string_view text) {
    Outputs outputs;
    for (const store::RunRow& run : request.runs) outputs.add(runs, run);
    ImportedLabels result;
    const std::vector<Label> labels = labels_in(outputs, request, text, result);
    if (labels.empty())
        throw InterchangeError(
            fmt::format("{}: none of its {} rows belongs to a stored output; ids and texts are compared "
                        "as they are",
                        request.path, result.unmatched));
    result.labels = labels.size();
    result.study = study_of(rows_of(outputs, labels, request), request.name, request.path);
    return result;
}

}  // namespace harness::interchange
