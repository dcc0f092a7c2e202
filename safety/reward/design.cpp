#include "safety/reward/design.hpp"

#include <array>
#include <utility>

namespace safety::reward {

double dot(std::span<const double> weights, std::span<const float> features) {
    // Eight partial sums: the compiler may not reorder a single one, so it could not use vector instructions.
    constexpr std::size_t kLanes = 8;
    std::array<double, kLanes> lanes{};
    std::size_t column = 0;
    for (; column + kLanes <= features.size(); column += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += weights[column + lane] * features[column + lane];
    }
    double sum = 0;
    for (; column < features.size(); ++column) sum += weights[column] * features[column];
    for (const double lane : lanes) sum += lane;
    return sum;
}

DenseDesign::DenseDesign(const FeatureView& features, std::vector<std::uint32_t> rows, Scaling scaling)
    : features_(features), rows_(std::move(rows)), scaling_(std::move(scaling)) {}

void DenseDesign::multiply(std::span<const double> weights, std::span<double> scores) const {
    // w . (x - mean) / scale = (w / scale) . x - (w / scale) . mean
    std::vector<double> scaled(dim());
    double offset = 0;
    for (std::size_t column = 0; column < dim(); ++column) {
        scaled[column] = weights[column] / scaling_.scale[column];
        offset += scaled[column] * scaling_.mean[column];
    }
    for (std::size_t row = 0; row < rows_.size(); ++row) scores[row] = dot(scaled, features_.row(rows_[row])) - offset;
}

void DenseDesign::accumulate(std::span<const double> coefficients, std::span<double> gradient) const {
    constexpr std::size_t kBlock = 4;  // rows per pass over `sums`, which is otherwise loaded and stored for each row
    std::vector<double> sums(dim());
    double total = 0;
    std::size_t row = 0;
    for (; row + kBlock <= rows_.size(); row += kBlock) {
        const std::array<const float*, kBlock> x = {
            features_.row(rows_[row]).data(), features_.row(rows_[row + 1]).data(),
            features_.row(rows_[row + 2]).data(), features_.row(rows_[row + 3]).data()};
        const std::span<const double> c = coefficients.subspan(row, kBlock);
        for (std::size_t column = 0; column < sums.size(); ++column)
            sums[column] += (c[0] * x[0][column] + c[1] * x[1][column]) + (c[2] * x[2][column] + c[3] * x[3][column]);
        total += (c[0] + c[1]) + (c[2] + c[3]);
    }
    for (; row < rows_.size(); ++row) {
        const std::span<const float> x = features_.row(rows_[row]);
        for (std::size_t column = 0; column < sums.size(); ++column) sums[column] += coefficients[row] * x[column];
        total += coefficients[row];
    }
    for (std::size_t column = 0; column < sums.size(); ++column)
        gradient[column] += (sums[column] - total * scaling_.mean[column]) / scaling_.scale[column];
}

void SparseDesign::add(std::span<const std::uint32_t> columns) {
    columns_.insert(columns_.end(), columns.begin(), columns.end());
    starts_.push_back(columns_.size());
}

void SparseDesign::multiply(std::span<const double> weights, std::span<double> scores) const {
    for (std::size_t row = 0; row < rows(); ++row) {
        double sum = 0;
        for (std::size_t i = starts_[row]; i < starts_[row + 1]; ++i) sum += weights[columns_[i]];
        scores[row] = sum;
    }
}

void SparseDesign::accumulate(std::span<const double> coefficients, std::span<double> gradient) const {
    for (std::size_t row = 0; row < rows(); ++row) {
        for (std::size_t i = starts_[row]; i < starts_[row + 1]; ++i) gradient[columns_[i]] += coefficients[row];
    }
}

}  // namespace safety::reward
