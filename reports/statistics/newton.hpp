#pragma once

#include <Eigen/Dense>
#include <functional>

/// Only for the sources of this room: Eigen is not part of its interface.
namespace reports::statistics {

/// A concave function at a point.
struct Curvature {
    double value = 0;
    Eigen::VectorXd gradient;
    Eigen::MatrixXd information;  ///< the negative of its second derivatives, positive definite
};

/// The maximum of a strictly concave function by Newton's method; a step that does not improve it is halved. Stops
/// when a step moves no parameter by more than 1e-10, and after 100 steps.
Eigen::VectorXd maximise(const std::function<Curvature(const Eigen::VectorXd&)>& function, Eigen::VectorXd start);

}  // namespace reports::statistics
