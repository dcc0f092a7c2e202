#include "reports/statistics/bradley_terry.hpp"

#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "reports/statistics/comparison_graph.hpp"
#include "reports/statistics/interval.hpp"
#include "reports/statistics/newton.hpp"

namespace reports::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kVotes = 3;

/// Votes with the same predictor.
struct Cell {
    Eigen::Index first = 0;
    Eigen::Index second = 0;
    double covariate = 0;
    std::array<double, kVotes> counts = {};  ///< [Vote]
};

/// Parameters: strengths, then ln nu if there are ties, then the covariate's coefficient if it is wanted.
struct Layout {
    Eigen::Index variants = 0;
    bool has_ties = false;
    bool has_covariate = false;

    Eigen::Index tie() const { return variants; }
    Eigen::Index covariate() const { return variants + (has_ties ? 1 : 0); }
    Eigen::Index size() const { return covariate() + (has_covariate ? 1 : 0); }
};

/// Probabilities of a cell's votes.
std::array<double, kVotes> probabilities(const Cell& cell, const Layout& layout, const VectorXd& point) {
    double u = point[cell.first] - point[cell.second];
    if (layout.has_covariate) u += point[layout.covariate()] * cell.covariate;
    u /= 2;
    const double largest = std::abs(u);  // taken out, so that nothing overflows
    const double win = std::exp(u - largest);
    const double loss = std::exp(-u - largest);
    const double tie = layout.has_ties ? std::exp(point[layout.tie()] - largest) : 0;
    const double sum = win + tie + loss;
    return {win / sum, tie / sum, loss / sum};
}

/// Derivatives of the log likelihood of a vote by u and by ln nu are linear in these; see add_cell.
struct Slopes {
    double by_u = 0;
    double by_tie = 0;
};

Slopes slopes(const std::array<double, kVotes>& counts, const std::array<double, kVotes>& p) {
    const double n = counts[0] + counts[1] + counts[2];
    return {counts[0] - counts[2] - n * (p[0] - p[2]), counts[1] - n * p[1]};
}

/// Direction of u in the parameters, times 2.
void add_direction(const Cell& cell, const Layout& layout, double factor, VectorXd& vector) {
    vector[cell.first] += factor / 2;
    vector[cell.second] -= factor / 2;
    if (layout.has_covariate) vector[layout.covariate()] += factor * cell.covariate / 2;
}

void add_gradient(const Cell& cell, const Layout& layout, const VectorXd& point, VectorXd& gradient) {
    const Slopes slope = slopes(cell.counts, probabilities(cell, layout, point));
    add_direction(cell, layout, slope.by_u, gradient);
    if (layout.has_ties) gradient[layout.tie()] += slope.by_tie;
}

void add_cell(const Cell& cell, const Layout& layout, const VectorXd& point, Curvature& sum) {
    const std::array<double, kVotes> p = probabilities(cell, layout, point);
    for (std::size_t vote = 0; vote < kVotes; ++vote) {
        if (cell.counts[vote] > 0) sum.value += cell.counts[vote] * std::log(p[vote]);
    }
    add_gradient(cell, layout, point, sum.gradient);
    const double n = cell.counts[0] + cell.counts[1] + cell.counts[2];
    VectorXd direction = VectorXd::Zero(layout.size());
    add_direction(cell, layout, 1, direction);
    const double difference = p[0] - p[2];
    sum.information += n * (p[0] + p[2] - difference * difference) * direction * direction.transpose();
    if (!layout.has_ties) return;
    const VectorXd cross = -n * p[1] * difference * direction;
    sum.information.col(layout.tie()) += cross;
    sum.information.row(layout.tie()) += cross.transpose();
    sum.information(layout.tie(), layout.tie()) += n * p[1] * (1 - p[1]);
}

/// Penalised log likelihood. Votes say nothing of the sum of the strengths: a penalty of its own holds it at 0, so that
/// the information is well conditioned for any ridge.
Curvature likelihood(const std::vector<Cell>& cells, const Layout& layout, double ridge, const VectorXd& point) {
    const double total = point.head(layout.variants).sum();
    Curvature sum{.value = -ridge / 2 * point.squaredNorm() - total * total / 2,
                  .gradient = -ridge * point,
                  .information = ridge * MatrixXd::Identity(layout.size(), layout.size())};
    sum.gradient.head(layout.variants).array() -= total;
    sum.information.topLeftCorner(layout.variants, layout.variants).array() += 1;
    for (const Cell& cell : cells) add_cell(cell, layout, point, sum);
    return sum;
}

VectorXd fit(const std::vector<Cell>& cells, const Layout& layout, double ridge, const VectorXd& start) {
    return maximise([&](const VectorXd& point) { return likelihood(cells, layout, ridge, point); }, start);
}

Cell cell_of(const Comparison& vote, const Layout& layout) {
    Cell cell{.first = static_cast<Eigen::Index>(vote.first),
              .second = static_cast<Eigen::Index>(vote.second),
              .covariate = layout.has_covariate ? vote.covariate : 0,
              .counts = {}};
    cell.counts[static_cast<std::size_t>(vote.vote)] = 1;
    return cell;
}

/// Votes on the same pair in one cell each, and the cell of every vote. With a covariate each vote has its own.
struct Cells {
    std::vector<Cell> cells;
    std::vector<std::size_t> cell_of;  ///< [vote]
};

Cells cells_of(const std::vector<Comparison>& votes, const Layout& layout) {
    Cells result;
    std::map<Edge, std::size_t> position;
    for (const Comparison& vote : votes) {
        const Cell cell = cell_of(vote, layout);
        const auto [entry, added] = position.try_emplace({vote.first, vote.second}, result.cells.size());
        if (layout.has_covariate || added) {
            result.cell_of.push_back(result.cells.size());
            result.cells.push_back(cell);
        } else {
            result.cell_of.push_back(entry->second);
            ++result.cells[entry->second].counts[static_cast<std::size_t>(vote.vote)];
        }
    }
    return result;
}

/// Covariance of the parameters from the gradients of whole prompts.
MatrixXd sandwich(const std::vector<Comparison>& votes, const Layout& layout, const VectorXd& point,
                  const MatrixXd& information) {
    std::unordered_map<std::size_t, VectorXd> gradients;
    for (const Comparison& vote : votes) {
        VectorXd& gradient = gradients.try_emplace(vote.prompt, VectorXd::Zero(layout.size())).first->second;
        add_gradient(cell_of(vote, layout), layout, point, gradient);
    }
    MatrixXd meat = MatrixXd::Zero(layout.size(), layout.size());
    for (const auto& [prompt, gradient] : gradients) meat += gradient * gradient.transpose();
    const auto prompts = static_cast<double>(gradients.size());
    const MatrixXd bread = information.ldlt().solve(MatrixXd::Identity(layout.size(), layout.size()));
    return bread * meat * bread * (prompts / (prompts - 1));
}

Fitted fitted(const VectorXd& point, const MatrixXd& covariance, Eigen::Index at) {
    const double error = std::sqrt(covariance(at, at));
    return {.value = point[at],
            .standard_error = error,
            .sandwich95 = plain95(point[at], error),
            .bootstrap95 = std::nullopt};
}

/// Adds percentile intervals. A resample in which the variants fall apart has no strengths.
void add_bootstrap(const std::vector<Comparison>& votes, const Cells& cells, const VectorXd& point,
                   const BradleyTerrySettings& settings, BradleyTerry& result) {
    const Layout layout{.variants = static_cast<Eigen::Index>(result.strengths.size()),
                        .has_ties = result.log_tie.has_value()};
    std::vector<Cell> resampled = cells.cells;
    const auto strengths = [&](std::span<const double> counts) {
        std::vector<std::optional<double>> values(result.strengths.size());
        for (Cell& cell : resampled) cell.counts = {};
        for (std::size_t vote = 0; vote < votes.size(); ++vote)
            resampled[cells.cell_of[vote]].counts[static_cast<std::size_t>(votes[vote].vote)] += counts[vote];
        std::vector<Edge> compared;
        for (const Cell& cell : resampled) {
            if (cell.counts[0] + cell.counts[1] + cell.counts[2] > 0) compared.emplace_back(cell.first, cell.second);
        }
        if (connected_groups(values.size(), compared).size() > 1) return values;
        const VectorXd found = fit(resampled, layout, settings.ridge, point);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = found[static_cast<Eigen::Index>(i)];
        return values;
    };
    std::vector<std::size_t> prompt_of;
    prompt_of.reserve(votes.size());
    for (const Comparison& vote : votes) prompt_of.push_back(vote.prompt);
    const auto bootstraps = bootstrap_all95(votes.size(), prompt_of, strengths, settings.bootstrap);
    for (std::size_t i = 0; i < bootstraps.size(); ++i) {
        if (bootstraps[i]) result.strengths[i].bootstrap95 = bootstraps[i]->ci95;
    }
}

}  // namespace

BradleyTerryResult bradley_terry(std::size_t variants, const std::vector<Comparison>& votes,
                                 const BradleyTerrySettings& settings) {
    std::vector<Edge> compared;
    std::vector<Edge> beaten_by;
    std::map<std::size_t, std::size_t> prompts;
    Layout layout{.variants = static_cast<Eigen::Index>(variants),
                  .has_ties = false,
                  .has_covariate = settings.covariate == BradleyTerrySettings::Covariate::Adjusted};
    for (const Comparison& vote : votes) {
        compared.emplace_back(vote.first, vote.second);
        if (vote.vote != Vote::Win) beaten_by.emplace_back(vote.first, vote.second);
        if (vote.vote != Vote::Loss) beaten_by.emplace_back(vote.second, vote.first);
        layout.has_ties = layout.has_ties || vote.vote == Vote::Tie;
        ++prompts[vote.prompt];
    }
    std::vector<std::vector<std::size_t>> groups = connected_groups(variants, compared);
    if (groups.size() != 1 || prompts.size() < 2) return NotConnected{std::move(groups)};

    const Cells cells = cells_of(votes, layout);
    const VectorXd point = fit(cells.cells, layout, settings.ridge, VectorXd::Zero(layout.size()));
    const MatrixXd information = likelihood(cells.cells, layout, settings.ridge, point).information;
    const MatrixXd covariance = sandwich(votes, layout, point, information);
    BradleyTerry result;
    for (Eigen::Index i = 0; i < layout.variants; ++i) result.strengths.push_back(fitted(point, covariance, i));
    if (layout.has_ties) result.log_tie = point[layout.tie()];
    if (layout.has_covariate) result.covariate = fitted(point, covariance, layout.covariate());
    result.votes = votes.size();
    result.prompts = prompts.size();
    result.is_separated = !is_strongly_connected(variants, beaten_by);
    if (!layout.has_covariate && settings.bootstrap.resamples > 0) add_bootstrap(votes, cells, point, settings, result);
    return result;
}

std::vector<double> length_covariates(const std::vector<std::pair<double, double>>& lengths) {
    std::vector<double> result;
    double squares = 0;
    for (const auto& [first, second] : lengths) {
        const double sum = first + second;
        result.push_back(sum > 0 ? (first - second) / sum : 0);
        squares += result.back() * result.back();
    }
    const double scale = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, result.size())));
    for (double& value : result) value /= scale > 0 ? scale : 1;
    return result;
}

}  // namespace reports::statistics
