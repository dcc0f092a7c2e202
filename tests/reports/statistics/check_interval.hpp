#pragma once

#include <doctest/doctest.h>

#include "reports/data/values.hpp"

inline void check_interval(const reports::data::Interval& interval, double low, double high) {
    CHECK(interval.low == doctest::Approx(low).epsilon(0.00001));
    CHECK(interval.high == doctest::Approx(high).epsilon(0.00001));
}
