#include "suites/grading/generation_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "suites/definition/task_definition.hpp"
#include "suites/grading/filter_answers.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/overlap.hpp"
#include "suites/transforms/squad.hpp"
#include "suites/transforms/text.hpp"

namespace suites::grading {
namespace {

using definition::Metric;

double overlap_of(Overlap overlap, std::string_view text, std::string_view reference) {
    switch (overlap) {
        case Overlap::Bleu: return transforms::sentence_bleu(text, reference);
        case Overlap::Rouge1: return transforms::rouge_n(text, reference, 1);
        case Overlap::Rouge2: return transforms::rouge_n(text, reference, 2);
        case Overlap::RougeL: return transforms::rouge_l_sum(text, reference);
        case Overlap::None: break;
    }
    return 0;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

/// Grades one document's samples by its task's rules. Invalid UTF-8 bytes of outputs are replaced by U+FFFD, as by the
/// tokenizers of lm-evaluation-harness; patterns would stop at them otherwise.
class Grading {
public:
    Grading(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
            const Grader& grader)
        : rules_(task.generation), grader_(grader), references_(item.references) {
        if (references_.empty() && !item.unanswerable) references_ = {item.reference};
        for (std::size_t i = 0; i < responses.size() && i < rules_.repeats; ++i)
            outputs_.push_back(graded_text(responses[i].output, rules_.until));
        if (outputs_.empty()) outputs_ = {""};
        if (!rules_.submission.empty() || rules_.wrong_references) row_ = parse_row(item.document);
    }

    const std::vector<std::string>& outputs() const { return outputs_; }
    bool answerable() const { return !references_.empty(); }

    Grade score(const Metric& metric, const Answers& answers) const {
        if (metric.scope == Scope::Answerable && !answerable()) return {};
        if (metric.scope == Scope::Unanswerable && answerable()) return {};
        if (answers.empty()) return {};
        if (metric.rule == Rule::PassAtK) return passes(answers, metric.samples);
        if (metric.rule == Rule::Graded) return graded(answers.front());
        return {.value = compared(metric, answers.front().value_or(kInvalid))};
    }

private:
    std::optional<double> compared(const Metric& metric, const std::string& answer) const {
        switch (metric.rule) {
            case Rule::ExactMatch: return exact_match(answer);
            case Rule::SquadExact: return squad_best([&](const std::string& one) { return squad_exact(answer, one); });
            case Rule::SquadF1: return squad_best([&](const std::string& one) { return squad_f1(answer, one); });
            case Rule::QuacF1: return transforms::quac_f1(answer, references_);
            case Rule::OverlapMax:
            case Rule::OverlapDiff:
            case Rule::OverlapAcc: return overlap(metric, answer);
            default: return std::nullopt;
        }
    }

    double exact_match(const std::string& answer) const {
        const std::string normalised = normalise(answer);
        return std::any_of(references_.begin(), references_.end(),
                           [&](const std::string& reference) { return normalised == normalise(reference); })
                   ? 1.0
                   : 0.0;
    }

    /// The best score over the references. SQuAD ignores references without words; if none is left, the empty answer is
    /// correct.
    template <class Score>
    double squad_best(const Score& score) const {
        double highest = 0;
        bool any = false;
        for (const std::string& reference : references_) {
            if (transforms::squad_normalise(reference).empty()) continue;
            any = true;
            highest = std::max(highest, score(reference));
        }
        return any ? highest : score("");
    }

    /// A failed extraction is wrong, with all of the grader's counters 0.
    Grade graded(const std::optional<std::string>& answer) const {
        if (!answer) {
            Grade wrong{.value = 0.0};
            if (rules_.grader) {
                for (const std::string& name : rules_.grader->entry.counters) wrong.counts[name] = 0;
            }
            return wrong;
        }
        if (!grader_) return {};
        if (rules_.submission.empty()) return grader_({.text = *answer, .references = references_});
        Row row = row_;
        row["output"] = *answer;
        try {
            const std::string submitted = rules_.submission.fill(row);
            const std::size_t end = rules_.submission.end_of("output", row);
            return grader_({.text = submitted, .answer_end = end, .references = references_});
        } catch (const SuiteError&) {
            return {};  // the output makes the submission too large
        }
    }

    /// Explanations are given per sample, one line each if there are several; a counter is 1 if it is 1 for any sample.
    Grade passes(const Answers& answers, std::size_t samples) const {
        std::size_t correct = 0;
        Grade all;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            Grade sample = graded(answers[i]);
            if (!sample.value) return sample;
            correct += *sample.value >= 1 ? 1U : 0U;
            for (const auto& [name, count] : sample.counts) all.counts[name] = std::max(all.counts[name], count);
            if (sample.explanation.empty()) continue;
            if (answers.size() == 1) {
                all.explanation = sample.explanation;
                continue;
            }
            if (!all.explanation.empty()) all.explanation += '\n';
            all.explanation += fmt::format("sample {}: {}", i, first_line(sample.explanation));
        }
        all.value = pass_at_k(answers.size(), correct, samples);
        return all;
    }

    std::optional<double> overlap(const Metric& metric, const std::string& answer) const {
        double correct = 0;
        for (const std::string& reference : references_)
            correct = std::max(correct, overlap_of(metric.overlap, answer, reference));
        if (metric.rule == Rule::OverlapMax) return correct;
        double wrong = 0;
        try {
            for (const std::string& reference : rules_.wrong_references->texts(row_))
                wrong = std::max(wrong, overlap_of(metric.overlap, answer, reference));
        } catch (const SuiteError&) {
            return std::nullopt;  // the stored document has no wrong references
        }
        if (metric.rule == Rule::OverlapDiff) return correct - wrong;
        return correct > wrong ? 1.0 : 0.0;
    }

    std::string normalise(std::string text) const {
        for (const auto& pattern : rules_.ignore) RE2::GlobalReplace(&text, *pattern, "");
        if (rules_.ignore_case) text = transforms::lower_case(text);
        if (rules_.ignore_punctuation) std::erase_if(text, transforms::is_ascii_punctuation);
        if (rules_.ignore_digits) std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
        return text;
    }

    const definition::Generation& rules_;
    const Grader& grader_;
    std::vector<std::string> references_;
    std::vector<std::string> outputs_;
    Row row_;
};

void score_metrics(const Task::Definition& task, const Grading& grading, GradedItem& item) {
    const Answers raw(grading.outputs().begin(), grading.outputs().end());
    std::map<std::string, Answers> filtered;
    for (const definition::Filter& filter : task.generation.filters) {
        const Answers& answers = filtered[filter.name] = filter_answers(filter, grading.outputs());
        const bool failed = !answers.empty() && !answers.front();
        item.scores["extraction_failed," + filter.name] = failed ? 1.0 : 0.0;
    }
    for (const Metric& metric : task.metrics) {
        if (metric.rule == Rule::SquadBest) continue;  // only defined for the whole set
        Grade grade = grading.score(metric, metric.filter.empty() ? raw : filtered[metric.filter]);
        item.scores[metric.name] = grade.value;
        for (const auto& [name, count] : grade.counts) {
            std::optional<double>& counted = item.scores[name];
            counted = std::max(counted.value_or(0), count);
        }
        if (!grade.explanation.empty()) item.explanations[metric.name] = std::move(grade.explanation);
    }
}

void count_outputs(const Task::Definition& task, const Grading& grading, const std::vector<Response>& responses,
                   Scores& scores) {
    // A single space counts as empty: it belongs to a word that was not generated.
    const bool silent = std::all_of(grading.outputs().begin(), grading.outputs().end(),
                                    [](const std::string& output) { return output.empty() || output == " "; });
    scores["empty_output"] = silent ? 1.0 : 0.0;
    for (const Response& response : responses) {
        if (response.length_limited)
            scores["length_limited"] =
                scores["length_limited"].value_or(0) + (*response.length_limited ? 1.0 : 0.0) / task.generation.repeats;
    }
}

}  // namespace

std::string graded_text(std::string_view output, const std::vector<std::string>& until) {
    std::string text = transforms::valid_utf8(output);
    for (const std::string& stop : until) {
        if (!stop.empty()) text = text.substr(0, text.find(stop));
    }
    return text;
}

GradedItem generation_scores(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
                             const Grader& grader) {
    GradedItem graded;
    const Grading grading(task, item, responses, grader);
    score_metrics(task, grading, graded);
    const definition::Generation& generation = task.generation;
    if (!generation.likelihoods.empty() && responses.size() > generation.repeats) {
        graded.scores["no_answer_probability"] = std::exp(responses[generation.repeats].logprob);
        graded.scores["answerable"] = grading.answerable() ? 1.0 : 0.0;
    }
    count_outputs(task, grading, responses, graded.scores);
    return graded;
}

std::optional<double> pass_at_k(std::size_t samples, std::size_t correct, std::size_t k) {
    if (k == 0 || k > samples || correct > samples) return std::nullopt;
    if (samples - correct < k) return 1;
    double none = 1;
    for (std::size_t i = samples - correct + 1; i <= samples; ++i)
        none *= 1 - static_cast<double>(k) / static_cast<double>(i);
    return 1 - none;
}

}  // namespace suites::grading
