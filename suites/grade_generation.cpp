#include "suites/grade_generation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "suites/task_definition.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/overlap.hpp"
#include "suites/transforms/squad.hpp"
#include "suites/transforms/text.hpp"

namespace suites {
namespace {

/// Cut at each stop string in the order of the list.
std::string cut(std::string text, const std::vector<std::string>& until) {
    for (const std::string& stop : until) {
        if (!stop.empty()) text = text.substr(0, text.find(stop));
    }
    return text;
}

/// One document's samples under its task's rules. Bytes of outputs that are not UTF-8 are U+FFFD, as where a tokenizer
/// of the reference decodes them: patterns would end at them else.
class Grading {
public:
    Grading(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
            const Graders& graders)
        : task_(task), references_(item.references) {
        if (references_.empty() && !item.unanswerable) references_ = {item.target};
        for (std::size_t i = 0; i < responses.size() && i < task.repeats; ++i)
            outputs_.push_back(cut(valid_utf8(responses[i].output), task.until));
        if (outputs_.empty()) outputs_ = {""};
        if (!task.submission.empty() || task.wrong_references) row_ = Row::parse(item.document, nullptr, false);
        const auto supplied = graders.find(task.grader);
        if (item.grader) supplied_ = &item.grader;
        if (supplied != graders.end()) supplied_ = &supplied->second;
        own_ = find_answer_grader(task.grader);
    }

    const std::vector<std::string>& outputs() const { return outputs_; }
    bool answerable() const { return !references_.empty(); }

    Grade score(const Metric& metric, const std::vector<std::optional<std::string>>& answers) const {
        if (metric.scope == Scope::Answerable && !answerable()) return std::nullopt;
        if (metric.scope == Scope::Unanswerable && answerable()) return std::nullopt;
        if (answers.empty()) return std::nullopt;
        if (metric.rule == Rule::Overlap) return overlap(metric.name, answers.front().value_or(kInvalid));
        if (metric.rule != Rule::PassAtK) return one(metric.rule, answers.front());
        return pass_at_k(answers, metric.samples);
    }

    /// What the task's grader counts of an answer; of none, nothing.
    std::map<std::string, double> counters(const std::vector<std::optional<std::string>>& answers) const {
        const AnswerCounters count = find_answer_counters(task_.grader);
        if (count == nullptr || references_.empty()) return {};
        std::map<std::string, double> counted =
            count(answers.empty() ? "" : answers.front().value_or(""), references_.front());
        const bool none = answers.empty() || !answers.front();
        for (auto& [name, value] : counted) value = none ? 0 : value;
        return counted;
    }

private:
    /// Explained sample by sample, several of them with one line each, and counted when any sample is.
    Grade pass_at_k(const std::vector<std::optional<std::string>>& answers, std::size_t samples) const {
        std::size_t correct = 0;
        Grade all;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const Grade sample = one(Rule::Graded, answers[i]);
            if (!sample.value) return sample;
            correct += *sample.value >= 1 ? 1U : 0U;
            for (const auto& [name, count] : sample.counts) all.counts[name] = std::max(all.counts[name], count);
            if (sample.explanation.empty()) continue;
            if (answers.size() == 1) {
                all.explanation = sample.explanation;
                continue;
            }
            if (!all.explanation.empty()) all.explanation += '\n';
            all.explanation +=
                fmt::format("sample {}: {}", i, sample.explanation.substr(0, sample.explanation.find('\n')));
        }
        all.value = suites::pass_at_k(answers.size(), correct, samples);
        return all;
    }

    Grade one(Rule rule, const std::optional<std::string>& extracted) const {
        if (!extracted && rule == Rule::Graded) return 0.0;
        const std::string answer = extracted.value_or(kInvalid);
        switch (rule) {
            case Rule::ExactMatch:
                return best(
                    [&](const std::string& reference) { return normalise(answer) == normalise(reference) ? 1.0 : 0.0; },
                    false);
            case Rule::SquadExact:
                return best([&](const std::string& reference) { return squad_exact(answer, reference); }, true);
            case Rule::SquadF1:
                return best([&](const std::string& reference) { return squad_f1(answer, reference); }, true);
            case Rule::QuacF1: return quac_f1(answer, references_);
            case Rule::Graded: return graded(answer);
            default: return std::nullopt;
        }
    }

    /// The best over the references. SQuAD leaves out references without words, and where none is left the empty answer
    /// is the right one.
    template <class Score>
    double best(const Score& score, bool squad) const {
        double highest = 0;
        bool any = false;
        for (const std::string& reference : references_) {
            if (squad && squad_normalise(reference).empty()) continue;
            any = true;
            highest = std::max(highest, score(reference));
        }
        return any || !squad ? highest : score("");
    }

    Grade graded(const std::string& answer) const {
        std::string submitted = answer;
        std::size_t answer_end = 0;
        if (!task_.submission.empty()) {
            Row row = row_;
            row["output"] = answer;
            try {
                submitted = task_.submission.fill(row);
                answer_end = task_.submission.end_of("output", row);
            } catch (const SuiteError&) {
                return std::nullopt;  // grown beyond all bounds by the output
            }
        }
        if (supplied_ != nullptr) return (*supplied_)({submitted, answer_end});
        if (own_ == nullptr) return std::nullopt;
        std::optional<double> highest;
        for (const std::string& reference : references_) {
            if (const auto value = own_(submitted, reference)) highest = std::max(highest.value_or(0), *value);
        }
        return highest;
    }

    /// The best overlap with a right reference ("_max"), its lead over the best with a wrong one ("_diff"), whether it
    /// leads at all ("_acc").
    Grade overlap(const std::string& metric, const std::string& answer) const {
        const auto measure = [&](const std::string& reference) {
            if (metric.starts_with("rouge1")) return rouge_n(answer, reference, 1);
            if (metric.starts_with("rouge2")) return rouge_n(answer, reference, 2);
            return metric.starts_with("rougeL") ? rouge_l_sum(answer, reference) : sentence_bleu(answer, reference);
        };
        double right = 0;
        double wrong = 0;
        for (const std::string& reference : references_) right = std::max(right, measure(reference));
        if (metric.ends_with("_max")) return right;
        try {
            for (const std::string& reference : task_.wrong_references->texts(row_))
                wrong = std::max(wrong, measure(reference));
        } catch (const SuiteError&) {
            return std::nullopt;  // the stored document has none
        }
        return metric.ends_with("_diff") ? right - wrong : right > wrong ? 1.0 : 0.0;
    }

    std::string normalise(std::string text) const {
        for (const auto& pattern : task_.ignore) RE2::GlobalReplace(&text, *pattern, "");
        if (task_.ignore_case) text = lower_case(text);
        if (task_.ignore_punctuation) std::erase_if(text, is_ascii_punctuation);
        if (task_.ignore_digits) std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
        return text;
    }

    const Task::Definition& task_;
    std::vector<std::string> references_;
    std::vector<std::string> outputs_;
    Row row_;
    const Grader* supplied_ = nullptr;
    AnswerGrader own_ = nullptr;
};

}  // namespace

Scores grade_generation(const Task::Definition& task, const Item& item, const std::vector<Response>& responses,
                        const Graders& graders, Explanations* explanations) {
    Scores scores;
    const Grading grading(task, item, responses, graders);
    const std::vector<std::optional<std::string>> raw(grading.outputs().begin(), grading.outputs().end());
    std::map<std::string, std::vector<std::optional<std::string>>> filtered;
    for (const Filter& filter : task.filters) {
        const auto& answers = filtered[filter.name()] = filter.apply(grading.outputs());
        const bool failed = !answers.empty() && !answers.front();
        scores["extraction_failed," + filter.name()] = failed ? 1.0 : 0.0;
    }
    for (const Metric& metric : task.metrics) {
        if (metric.rule == Rule::SquadBest) continue;  // of the whole set only
        const auto& answers = metric.filter.empty() ? raw : filtered[metric.filter];
        Grade grade = grading.score(metric, answers);
        scores[metric.name] = grade.value;
        for (const auto& [name, count] : grade.counts) scores[name] = std::max(scores[name].value_or(0), count);
        if (explanations != nullptr && !grade.explanation.empty())
            (*explanations)[metric.name] = std::move(grade.explanation);
        if (metric.rule != Rule::Graded) continue;
        for (const auto& [name, value] : grading.counters(answers)) scores[name] = value;
    }
    if (!task.likelihoods.empty() && responses.size() > task.repeats) {
        scores["no_answer_probability"] = std::exp(responses[task.repeats].logprob);
        scores["answerable"] = grading.answerable() ? 1.0 : 0.0;
    }
    // Nothing but the space before a word that did not come is nothing, as where an output is decoded by itself.
    const bool silent = std::all_of(grading.outputs().begin(), grading.outputs().end(),
                                    [](const std::string& output) { return output.empty() || output == " "; });
    scores["empty_output"] = silent ? 1.0 : 0.0;
    for (const Response& response : responses) {
        if (response.length_limited)
            scores["length_limited"] =
                scores["length_limited"].value_or(0) + (*response.length_limited ? 1.0 : 0.0) / task.repeats;
    }
    return scores;
}

double pass_at_k(std::size_t samples, std::size_t correct, std::size_t k) {
    if (samples - correct < k) return 1;
    double none = 1;
    for (std::size_t i = samples - correct + 1; i <= samples; ++i)
        none *= 1 - static_cast<double>(k) / static_cast<double>(i);
    return 1 - none;
}

}  // namespace suites
