// Answers -> scores.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

#include "suites/grade_generation.hpp"
#include "suites/task_definition.hpp"
#include "suites/transforms/text.hpp"

namespace suites {
namespace {

/// "2" or "0,2".
std::vector<std::size_t> right_choices(const std::string& target) {
    std::vector<std::size_t> right;
    const char* at = target.data();
    const char* const end = at + target.size();
    while (at < end) {
        std::size_t index = 0;
        const auto [next, error] = std::from_chars(at, end, index);
        if (error != std::errc()) break;
        right.push_back(index);
        at = next < end ? next + 1 : next;
    }
    return right;
}

/// An empty choice cannot be the best by length: in the reference the division by 0 gives minus infinity.
double per_unit(double log_probability, std::size_t units) {
    if (units == 0) return -std::numeric_limits<double>::infinity();
    return log_probability / static_cast<double>(units);
}

/// Log-probabilities of one item's choices under the normalisers.
class Choices {
public:
    Choices(const Item& item, const std::vector<Response>& responses) : right_(right_choices(item.target)) {
        const std::size_t count = std::min(item.choices.size(), responses.size());
        for (std::size_t i = 0; i < count; ++i) {
            const double value = responses[i].logprob;
            raw_.push_back(value);
            per_point_.push_back(per_unit(value, count_characters(item.choices[i])));
            per_byte_.push_back(per_unit(value, item.choices[i].size()));
            if (responses.size() >= 2 * count) calibrated_.push_back(value - responses[count + i].logprob);
        }
    }

    std::optional<double> score(Rule rule) const {
        switch (rule) {
            case Rule::Best: return best_is_right(raw_);
            case Rule::BestPerPoint: return best_is_right(per_point_);
            case Rule::BestPerByte: return best_is_right(per_byte_);
            case Rule::BestCalibrated: return best_is_right(calibrated_);
            case Rule::RightShare: return right_share();
            default: return std::nullopt;
        }
    }

private:
    bool is_right(std::size_t index) const { return std::find(right_.begin(), right_.end(), index) != right_.end(); }

    /// The first of equal maxima counts, as in the reference.
    std::optional<double> best_is_right(const std::vector<double>& values) const {
        if (values.empty()) return std::nullopt;
        return is_right(static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin()))
                   ? 1.0
                   : 0.0;
    }

    /// Less the largest in the exponents, which changes nothing but keeps small probabilities apart from 0.
    std::optional<double> right_share() const {
        if (raw_.empty()) return std::nullopt;
        const double largest = *std::max_element(raw_.begin(), raw_.end());
        double right = 0;
        double all = 0;
        for (std::size_t i = 0; i < raw_.size(); ++i) {
            const double share = std::exp(raw_[i] - largest);
            all += share;
            if (is_right(i)) right += share;
        }
        return right / all;
    }

    std::vector<std::size_t> right_;
    std::vector<double> raw_, per_point_, per_byte_, calibrated_;
};

Scores grade_choice(const Task::Definition& task, const Item& item, const std::vector<Response>& responses) {
    Scores scores;
    const Choices choices(item, responses);
    for (const Metric& metric : task.metrics) {
        if (!task.single) {
            scores[metric.name] = choices.score(metric.rule);
        } else if (!responses.empty()) {
            scores[metric.name] =
                metric.rule == Rule::Greedy ? (responses[0].greedy ? 1.0 : 0.0) : responses[0].logprob;
        }
    }
    return scores;
}

}  // namespace

Scores Task::grade(const Item& item, const std::vector<Response>& responses, const Graders& graders,
                   Explanations* explanations) const {
    const Definition& task = *definition_;
    if (task.kind == RequestKind::Rolling) {
        double total = 0;
        for (const Response& response : responses) total += response.logprob;
        return {{"loglikelihood", total},
                {"words", static_cast<double>(item.words)},
                {"bytes", static_cast<double>(item.bytes)}};
    }
    Scores scores = task.kind == RequestKind::Choice ? grade_choice(task, item, responses)
                                                     : grade_generation(task, item, responses, graders, explanations);
    const bool told = std::any_of(responses.begin(), responses.end(),
                                  [](const Response& response) { return response.truncated.has_value(); });
    const bool cut = std::any_of(responses.begin(), responses.end(),
                                 [](const Response& response) { return response.truncated.value_or(false); });
    if (told) scores["prompt_truncated"] = cut ? 1.0 : 0.0;
    return scores;
}

}  // namespace suites
