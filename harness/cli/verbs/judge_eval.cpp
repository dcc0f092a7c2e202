#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "reports/statistics/interval.hpp"
#include "safety/refusal/evaluate.hpp"
#include "safety/refusal/labels.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;
using safety::refusal::Confusion;
using safety::refusal::Evaluation;
using safety::refusal::Hits;
using safety::refusal::LabelledRow;
using safety::refusal::Mistake;
using safety::refusal::name_of;
using safety::refusal::Refusal;

constexpr std::size_t kPlainColumns = 120;
constexpr std::array<Refusal, safety::refusal::kRefusals> kClasses = {Refusal::FullCompliance, Refusal::PartialRefusal,
                                                                      Refusal::FullRefusal, Refusal::NoAnswer};

struct JudgeEvalOptions {
    std::string scorer = "refusal";
    std::string labels;
    std::size_t errors = 10;
    bool json = false;
};

/// A kind of accuracy with its name in JSON and in the table.
struct Accuracy {
    const char* name;
    const char* title;
    Hits hits;
};

std::vector<Accuracy> accuracies(const Confusion& confusion) {
    return {{"refused", "refused or complied (partial refusals are refused)", confusion.refused()},
            {"refused_without_partial", "refused or complied, without answers labelled partial",
             confusion.refused_without_partial()},
            {"exact", "the class itself", confusion.exact()}};
}

json to_json(const Accuracy& accuracy) {
    json value = {{"correct", accuracy.hits.correct}, {"total", accuracy.hits.total}, {"share", nullptr}};
    if (accuracy.hits.total == 0) return value;
    const auto total = static_cast<double>(accuracy.hits.total);
    const reports::data::Interval interval = reports::statistics::wilson95(accuracy.hits.share(), total);
    value["share"] = accuracy.hits.share();
    value["ci95"] = {interval.low, interval.high};
    return value;
}

json number_or_null(const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
}

json to_json(const JudgeEvalOptions& options, const std::vector<LabelledRow>& rows, const Evaluation& evaluation) {
    const Confusion& confusion = evaluation.confusion;
    json classes = json::object();
    for (const Refusal label : kClasses) {
        const auto scores = confusion.scores(label);
        json judged = json::object();
        for (const Refusal found : kClasses) judged[std::string(name_of(found))] = confusion.count(label, found);
        classes[std::string(name_of(label))] = {{"labelled", scores.labelled},
                                                {"judged_as", judged},
                                                {"precision", number_or_null(scores.precision)},
                                                {"recall", number_or_null(scores.recall)},
                                                {"f1", number_or_null(scores.f1)}};
    }
    json errors = json::array();
    for (std::size_t i = 0; i < evaluation.mistakes.size() && i < options.errors; ++i) {
        const Mistake& mistake = evaluation.mistakes[i];
        errors.push_back({{"id", rows[mistake.index].id},
                          {"label", name_of(mistake.label)},
                          {"judged", name_of(mistake.finding.refusal)},
                          {"phrase", mistake.finding.phrase},
                          {"offset", mistake.finding.offset},
                          {"language", mistake.finding.language},
                          {"reason", mistake.finding.reason}});
    }
    json result = {{"scorer", options.scorer},   {"labels", options.labels},
                   {"answers", rows.size()},     {"macro_f1", confusion.macro_f1()},
                   {"classes", classes},         {"mistakes", evaluation.mistakes.size()},
                   {"errors", std::move(errors)}};
    for (const Accuracy& accuracy : accuracies(confusion)) result["accuracy"][accuracy.name] = to_json(accuracy);
    return result;
}

std::string words_of(Refusal refusal) {
    std::string words(name_of(refusal));
    words.replace(words.find('_'), 1, " ");
    return words;
}

void print_accuracies(const Confusion& confusion) {
    Table table = table_of({{"accuracy", Column::Text},
                            {"%", Column::Number},
                            {"95 % interval", Column::Text},
                            {"answers", Column::Number}});
    for (const Accuracy& accuracy : accuracies(confusion)) {
        const Hits& hits = accuracy.hits;
        if (hits.total == 0) continue;
        const auto interval = reports::statistics::wilson95(hits.share(), static_cast<double>(hits.total));
        table.rows.push_back({accuracy.title, fmt::format("{:.1f}", 100 * hits.share()),
                              fmt::format("{:.1f} to {:.1f}", 100 * interval.low, 100 * interval.high),
                              std::to_string(hits.total)});
    }
    print_table(table, kPlainColumns);
    print("macro-F1 {:.3f}: the mean F1 of the classes that occur as labels\n\n", confusion.macro_f1());
}

void print_confusion(const Confusion& confusion) {
    std::vector<std::pair<std::string, Column>> columns = {{"labelled", Column::Text}};
    for (const Refusal found : kClasses) columns.emplace_back("judged " + words_of(found), Column::Number);
    for (const char* score : {"precision", "recall", "F1"}) columns.emplace_back(score, Column::Number);
    Table table = table_of(columns);
    const auto shown = [](const std::optional<double>& value) { return value ? fmt::format("{:.3f}", *value) : "-"; };
    for (const Refusal label : kClasses) {
        const auto scores = confusion.scores(label);
        if (scores.labelled == 0) continue;
        std::vector<std::string> row = {words_of(label)};
        for (const Refusal found : kClasses) row.push_back(std::to_string(confusion.count(label, found)));
        for (const auto& score : {scores.precision, scores.recall, scores.f1}) row.push_back(shown(score));
        table.rows.push_back(std::move(row));
    }
    print_table(table, kPlainColumns);
}

void print_errors(const std::vector<LabelledRow>& rows, const std::vector<Mistake>& mistakes, std::size_t limit) {
    if (mistakes.empty() || limit == 0) return;
    print("\n");
    Table table = table_of({{"answer", Column::Key},
                            {"labelled", Column::Text},
                            {"judged", Column::Text},
                            {"at byte", Column::Number},
                            {"deciding phrase", Column::Text},
                            {"reason", Column::Text}});
    for (std::size_t i = 0; i < mistakes.size() && i < limit; ++i) {
        const auto& [index, label, finding] = mistakes[i];
        table.rows.push_back({rows[index].id, words_of(label), words_of(finding.refusal),
                              finding.phrase.empty() ? "" : std::to_string(finding.offset), finding.phrase,
                              finding.reason});
    }
    print_table(table, kPlainColumns);
    if (mistakes.size() > limit) print("and {} more; --errors N shows more\n", mistakes.size() - limit);
}

ExitCode evaluate_judge(const JudgeEvalOptions& options) {
    const std::vector<LabelledRow> rows = safety::refusal::read_labelled(options.labels);
    std::vector<safety::refusal::LabelledAnswer> answers;
    answers.reserve(rows.size());
    for (const LabelledRow& row : rows) answers.push_back({row.answer, row.label});
    const Evaluation evaluation = safety::refusal::evaluate(answers);
    if (options.json) {
        print_json(to_json(options, rows, evaluation));
        return ExitCode::Done;
    }
    print("{}: {} answers, {} judged otherwise than labelled\n\n", options.scorer, rows.size(),
          evaluation.mistakes.size());
    print_accuracies(evaluation.confusion);
    print_confusion(evaluation.confusion);
    print_errors(rows, evaluation.mistakes, options.errors);
    return ExitCode::Done;
}

}  // namespace

void add_judge_eval(Verb& judge) {
    Verb& verb = judge.verb("eval", "Compare a scorer with people's labels: accuracy, macro-F1, confusion, errors");
    auto& options = verb.command(evaluate_judge);
    verb.option(
            "--labels", "FILE", text_not_empty(options.labels),
            "Answers with labels: JSON lines, a JSON list, CSV or TSV (each also .gz); XSTest's completions as they "
            "are")
        .required();
    verb.option("--with", "SCORER", word_of(options.scorer, {"refusal"}),
                "refusal (default): the detector of refusals, from the text alone")
        .of_its_verb();
    verb.option("--errors", "N", whole_number(options.errors), "Errors to show (default: 10)");
    json_flag(verb, options.json);
    verb.explain({"Fields of FILE",
                  {{"answer", "the answer's text; also: completion, output, response, text"},
                   {"label",
                    "full_compliance, partial_refusal, full_refusal or no_answer; also in final_label, and with "
                    "XSTest's numbers"},
                   {"id", "names the answer among the errors (default: its row)"}}});
    verb.example("bellwether judge eval --with refusal --labels xstest_v2_completions_llama2orig.csv");
}

}  // namespace harness::cli
