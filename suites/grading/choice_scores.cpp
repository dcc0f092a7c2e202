#include "suites/grading/choice_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/definition/task_definition.hpp"
#include "suites/transforms/text.hpp"

namespace suites::grading {
namespace {

/// An empty choice is never the best one: in lm-evaluation-harness the division by 0 gives minus infinity.
double per_unit(double log_probability, std::size_t units) {
    if (units == 0) return -std::numeric_limits<double>::infinity();
    return log_probability / static_cast<double>(units);
}

/// Log-probabilities of one item's choices, raw and normalised.
class Choices {
public:
    Choices(const Item& item, const std::vector<Response>& responses) {
        const std::size_t count = std::min(item.choices.size(), responses.size());
        // If the log-probability of any choice is NaN, the item is unscored.
        if (std::any_of(responses.begin(), responses.end(),
                        [](const Response& one) { return std::isnan(one.logprob); }))
            return;
        correct_.resize(count);
        for (const std::size_t index : item.correct) {
            if (index < count) correct_[index] = true;
        }
        for (std::size_t i = 0; i < count; ++i) {
            const double value = responses[i].logprob;
            raw_.push_back(value);
            per_point_.push_back(per_unit(value, transforms::count_characters(item.choices[i])));
            per_byte_.push_back(per_unit(value, item.choices[i].size()));
            if (responses.size() >= 2 * count) calibrated_.push_back(value - responses[count + i].logprob);
        }
    }

    std::optional<double> score(Rule rule) const {
        switch (rule) {
            case Rule::Best: return best_is_correct(raw_);
            case Rule::BestPerPoint: return best_is_correct(per_point_);
            case Rule::BestPerByte: return best_is_correct(per_byte_);
            case Rule::BestCalibrated: return best_is_correct(calibrated_);
            case Rule::CorrectShare: return correct_share();
            default: return std::nullopt;
        }
    }

private:
    /// The first maximum counts, as in lm-evaluation-harness.
    std::optional<double> best_is_correct(const std::vector<double>& values) const {
        if (values.empty()) return std::nullopt;
        return correct_[static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin())]
                   ? 1.0
                   : 0.0;
    }

    /// The largest log-probability is subtracted first, so that small probabilities do not underflow to 0.
    std::optional<double> correct_share() const {
        if (raw_.empty()) return std::nullopt;
        const double largest = *std::max_element(raw_.begin(), raw_.end());
        double correct = 0;
        double all = 0;
        for (std::size_t i = 0; i < raw_.size(); ++i) {
            const double share = std::exp(raw_[i] - largest);
            all += share;
            if (correct_[i]) correct += share;
        }
        return all > 0 ? std::optional(correct / all) : std::nullopt;
    }

    std::vector<bool> correct_;  ///< whether each choice is correct
    std::vector<double> raw_, per_point_, per_byte_, calibrated_;
};

}  // namespace

Scores choice_scores(const Task::Definition& task, const Item& item, const std::vector<Response>& responses) {
    Scores scores;
    const Choices choices(item, responses);
    for (const definition::Metric& metric : task.metrics) scores[metric.name] = choices.score(metric.rule);
    return scores;
}

}  // namespace suites::grading
