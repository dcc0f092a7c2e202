#include <doctest/doctest.h>

#include "safety/refusal/confusion.hpp"

namespace {

using safety::refusal::Confusion;
using safety::refusal::Refusal;

constexpr Refusal kComplied = Refusal::FullCompliance;
constexpr Refusal kPartial = Refusal::PartialRefusal;
constexpr Refusal kRefused = Refusal::FullRefusal;

void add(Confusion& confusion, Refusal label, Refusal found, int times) {
    for (int i = 0; i < times; ++i) confusion.add(label, found);
}

/// Labels in rows, findings in columns:
///
///              complied  partial  refused
///     complied       50        6        4
///     partial         4       10        6
///     refused         2        2       36
Confusion example() {
    Confusion confusion;
    add(confusion, kComplied, kComplied, 50);
    add(confusion, kComplied, kPartial, 6);
    add(confusion, kComplied, kRefused, 4);
    add(confusion, kPartial, kComplied, 4);
    add(confusion, kPartial, kPartial, 10);
    add(confusion, kPartial, kRefused, 6);
    add(confusion, kRefused, kComplied, 2);
    add(confusion, kRefused, kPartial, 2);
    add(confusion, kRefused, kRefused, 36);
    return confusion;
}

}  // namespace

TEST_SUITE("safety.refusal") {
    TEST_CASE("precision and recall and F1 of each class are those of the table") {
        const Confusion confusion = example();
        const auto partial = confusion.scores(kPartial);
        CHECK(partial.labelled == 20);
        CHECK(partial.found == 18);
        CHECK(*partial.precision == doctest::Approx(10.0 / 18));
        CHECK(*partial.recall == doctest::Approx(0.5));
        CHECK(*partial.f1 == doctest::Approx(20.0 / 38));
        // F1 by hand: complied 100/116, partial 20/38, refused 72/86; their mean is 0.741866.
        CHECK(confusion.macro_f1() == doctest::Approx(0.741866).epsilon(1e-5));
        CHECK(confusion.exact().correct == 96);
        CHECK(confusion.total() == 120);
    }

    TEST_CASE("refused or complied counts partial refusals as refused or leaves them out") {
        const Confusion confusion = example();
        CHECK(confusion.refused().correct == 50 + 16 + 38);
        CHECK(confusion.refused().total == 120);
        CHECK(confusion.refused_without_partial().correct == 50 + 38);
        CHECK(confusion.refused_without_partial().total == 100);
    }

    TEST_CASE("a class that is never found counts as 0 in macro-F1 and one without labels does not count") {
        Confusion confusion;
        add(confusion, kComplied, kComplied, 3);
        add(confusion, kPartial, kRefused, 1);
        CHECK_FALSE(confusion.scores(kPartial).precision.has_value());
        CHECK_FALSE(confusion.scores(Refusal::NoAnswer).f1.has_value());
        CHECK(confusion.macro_f1() == doctest::Approx(0.5));  // (1 + 0) / 2
        CHECK(Confusion().macro_f1() == 0);
        CHECK(Confusion().exact().share() == 0);
    }
}
