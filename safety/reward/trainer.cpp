#include "safety/reward/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "safety/reward/calibration.hpp"
#include "safety/reward/design.hpp"
#include "safety/reward/error.hpp"
#include "safety/reward/objective.hpp"

namespace safety::reward {
namespace {

/// Chosen and rejected row of each pair in turn.
std::vector<std::uint32_t> rows_of(std::span<const Pair> pairs) {
    std::vector<std::uint32_t> rows;
    rows.reserve(2 * pairs.size());
    for (const Pair& pair : pairs) {
        rows.push_back(pair.chosen);
        rows.push_back(pair.rejected);
    }
    return rows;
}

void check_grid(const Grid& grid) {
    if (grid.standardise.empty() || grid.l2.empty() || grid.margins.empty() || grid.auxiliary.empty())
        throw RewardError("training: a list of settings to try is empty");
    const auto is_valid = [](double value) { return std::isfinite(value) && value >= 0; };
    if (!std::all_of(grid.l2.begin(), grid.l2.end(), is_valid) ||
        !std::all_of(grid.auxiliary.begin(), grid.auxiliary.end(), is_valid))
        throw RewardError("training: L2 and the weight of the auxiliary term must be finite and at least 0");
}

class Trainer {
public:
    Trainer(const FeatureView& features, std::span<const Pair> training, std::span<const Pair> validation,
            const LbfgsSettings& minimiser)
        : features_(features),
          training_(canonical_order(features, usable_pairs(training))),
          validation_(canonical_order(features, usable_pairs(validation))),
          minimiser_(minimiser) {
        if (training_.empty()) throw RewardError("training: no training pairs");
        if (validation_.empty()) throw RewardError("training: no validation pairs; settings cannot be chosen");
        judges_labels_ = has_both_labels(validation_);
    }

    bool has_labels() const { return has_both_labels(training_); }

    /// Trains with the settings and keeps the head if it is better than the best so far. `start`, weights and bias, is
    /// where the minimiser starts; empty: at 0. Returns the validation loss.
    double attempt(const HeadSettings& settings, std::vector<double>& start) {
        const DenseDesign& design = design_for(settings.standardise);
        const Objective objective(design, training_, {settings.margins, settings.auxiliary, settings.l2});
        start.resize(objective.size());
        Minimum minimum = minimise(objective, start, minimiser_);
        start = minimum.x;
        Head head;
        head.bias = minimum.x.back();
        minimum.x.pop_back();
        head.weights = std::move(minimum.x);
        head.scaling = design.scaling();
        head.settings = settings;
        head.curve = std::move(minimum.curve);
        head.stop = minimum.stop;
        head.training_pairs = training_.size();
        head.validation_pairs = validation_.size();
        calibrate(head);
        const double loss = head.validation_loss;
        if (!best_ || loss < best_->validation_loss) best_ = std::move(head);
        return loss;
    }

    const Head& best() const { return *best_; }

private:
    /// The scaling of the training rows is computed once for each kind.
    const DenseDesign& design_for(Standardise standardise) {
        auto& design = standardise == Standardise::Yes ? standardised_ : common_;
        if (!design) {
            const std::vector<std::uint32_t> rows = rows_of(training_);
            design.emplace(features_, rows, scaling_of(features_, rows, standardise));
        }
        return *design;
    }

    /// Sets the head's temperature and its validation loss.
    void calibrate(Head& head) const {
        std::vector<double> scores;  // by place in rows_of(validation_)
        for (const std::uint32_t row : rows_of(validation_)) scores.push_back(head.score(features_.row(row)));
        std::vector<double> differences;
        for (std::size_t i = 0; i < scores.size(); i += 2) differences.push_back(scores[i] - scores[i + 1]);
        head.temperature = fit_temperature(differences);
        for (double& difference : differences) difference /= head.temperature;
        head.validation_loss = preference_log_loss(differences);
        if (judges_labels_) head.validation_loss += label_loss(scores, head.temperature);
    }

    double label_loss(std::span<const double> scores, double temperature) const {
        double sum = 0;
        std::size_t labelled = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const SafetyBin bin = validation_[i / 2].bin;
            const std::optional<Safety> label = i % 2 == 0 ? chosen_safety(bin) : rejected_safety(bin);
            if (!label) continue;
            sum += safety_loss(scores[i] / temperature, *label).value;
            ++labelled;
        }
        return sum / static_cast<double>(labelled);
    }

    FeatureView features_;
    std::vector<Pair> training_;
    std::vector<Pair> validation_;
    LbfgsSettings minimiser_;
    bool judges_labels_ = false;
    std::optional<DenseDesign> standardised_;
    std::optional<DenseDesign> common_;
    std::optional<Head> best_;
};

std::vector<double> parameters_of(const Head& head) {
    std::vector<double> parameters = head.weights;
    parameters.push_back(head.bias);
    return parameters;
}

}  // namespace

Head train(const FeatureView& features, std::span<const Pair> training, std::span<const Pair> validation,
           const Grid& grid) {
    check_grid(grid);
    std::vector<Pair> all(training.begin(), training.end());
    all.insert(all.end(), validation.begin(), validation.end());
    check_pairs(features, all);
    Trainer trainer(features, training, validation, grid.minimiser);
    std::vector<double> auxiliary = grid.auxiliary;
    if (!trainer.has_labels()) std::erase_if(auxiliary, [](double weight) { return weight > 0; });
    if (auxiliary.empty())
        throw RewardError("training: the auxiliary term needs training pairs with safe and with unsafe answers");

    for (const Standardise standardise : grid.standardise) {
        std::vector<double> start;  // the solution for one L2 is near that for the next
        double before = std::numeric_limits<double>::infinity();
        int rises = 0;
        for (const double l2 : grid.l2) {
            const double loss = trainer.attempt({standardise, grid.margins[0], l2, auxiliary[0]}, start);
            rises = loss > before ? rises + 1 : 0;
            before = loss;
            if (rises == 2) break;
        }
    }
    for (std::size_t i = 1; i < grid.margins.size(); ++i) {
        HeadSettings settings = trainer.best().settings;
        settings.margins = grid.margins[i];
        std::vector<double> start = parameters_of(trainer.best());
        trainer.attempt(settings, start);
    }
    for (std::size_t i = 1; i < auxiliary.size(); ++i) {
        HeadSettings settings = trainer.best().settings;
        settings.auxiliary = auxiliary[i];
        std::vector<double> start = parameters_of(trainer.best());
        trainer.attempt(settings, start);
    }
    return trainer.best();
}

}  // namespace safety::reward
