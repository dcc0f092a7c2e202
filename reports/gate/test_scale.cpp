#include "reports/gate/test_scale.hpp"

#include <cmath>

namespace reports::gate {

double TestScale::tested_drop(double drop) const {
    switch (kind) {
        case Kind::Half: return 2 * drop;
        case Kind::Log: return std::log1p(drop / before);
        case Kind::Same: break;
    }
    return drop;
}

double TestScale::own_drop(double drop) const {
    return -own_difference(-drop);
}

double TestScale::own_difference(double difference) const {
    switch (kind) {
        case Kind::Half: return difference / 2;
        // after = before exp(-difference), and a smaller perplexity is the better one.
        case Kind::Log: return -before * std::expm1(-difference);
        case Kind::Same: break;
    }
    return difference;
}

}  // namespace reports::gate
