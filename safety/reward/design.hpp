#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "safety/reward/pair.hpp"
#include "safety/reward/scaling.hpp"

namespace safety::reward {

/// The rows that a linear model scores while it is trained. All sums are f64 in an order fixed by the rows alone.
class Design {
public:
    virtual ~Design() = default;
    virtual std::size_t rows() const = 0;
    virtual std::size_t dim() const = 0;
    /// scores[r] = weights . row r. `weights` [dim], `scores` [rows].
    virtual void multiply(std::span<const double> weights, std::span<double> scores) const = 0;
    /// gradient += sum over r of coefficients[r] * row r, in ascending order of r. `coefficients` [rows], `gradient`
    /// [dim].
    virtual void accumulate(std::span<const double> coefficients, std::span<double> gradient) const = 0;
};

/// Listed rows of a feature matrix, scaled. The scaling is applied to the weights instead of the features, so that the
/// matrix is never copied. `features` must outlive the design.
class DenseDesign : public Design {
public:
    DenseDesign(const FeatureView& features, std::vector<std::uint32_t> rows, Scaling scaling);
    std::size_t rows() const override { return rows_.size(); }
    std::size_t dim() const override { return features_.dim; }
    void multiply(std::span<const double> weights, std::span<double> scores) const override;
    void accumulate(std::span<const double> coefficients, std::span<double> gradient) const override;
    const Scaling& scaling() const { return scaling_; }

private:
    FeatureView features_;
    std::vector<std::uint32_t> rows_;
    Scaling scaling_;
};

/// Rows of few features that are 1; all others are 0. Row r has the columns from starts[r] to starts[r + 1].
class SparseDesign : public Design {
public:
    explicit SparseDesign(std::size_t dim) : dim_(dim) {}
    /// Adds a row. Columns are below dim.
    void add(std::span<const std::uint32_t> columns);
    std::size_t rows() const override { return starts_.size() - 1; }
    std::size_t dim() const override { return dim_; }
    void multiply(std::span<const double> weights, std::span<double> scores) const override;
    void accumulate(std::span<const double> coefficients, std::span<double> gradient) const override;

private:
    std::size_t dim_;
    std::vector<std::size_t> starts_ = {0};
    std::vector<std::uint32_t> columns_;
};

/// weights . features. The order of the sum depends on the number of features only.
double dot(std::span<const double> weights, std::span<const float> features);

}  // namespace safety::reward
