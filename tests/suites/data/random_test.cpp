#include <doctest/doctest.h>

#include "suites/data/python_random.hpp"

namespace {

using Indices = std::vector<std::size_t>;

Indices first_draw(std::size_t population, std::size_t count) {
    return suites::data::PythonRandom(1234).sample(population, count);
}

}  // namespace

// Known answers of CPython 3.11's random.Random(1234).
TEST_SUITE("suites.random") {
    TEST_CASE("the generator gives the outputs of CPython") {
        suites::data::PythonRandom random(1234);
        for (const std::uint32_t expected : {4150886329U, 3342196574U, 1892932127U, 501869158U})
            CHECK(random.next() == expected);
    }

    TEST_CASE("sampling from a large pool advances from document to document") {
        suites::data::PythonRandom gsm8k(1234);
        CHECK(gsm8k.sample(7473, 5) == Indices{6374, 3610, 957, 61, 742});
        CHECK(gsm8k.sample(7473, 5) == Indices{7462, 6610, 4769, 286, 5501});
        CHECK(gsm8k.sample(7473, 5) == Indices{5677, 687, 806, 6279, 2905});
        suites::data::PythonRandom winogrande(1234);
        CHECK(winogrande.sample(40398, 6) == Indices{28883, 7657, 490, 5940, 38156, 2288});
        CHECK(winogrande.sample(40398, 6) == Indices{5500, 6450, 23241, 15519, 1142, 2019});
    }

    TEST_CASE("large samples equal those of CPython") {
        CHECK(first_draw(1119, 25) == Indices{902, 239, 15,  185, 71,  171, 201, 726,  484, 35,  63,  32,  708,
                                              991, 949, 304, 186, 374, 234, 29,  1030, 996, 511, 132, 1108});
        CHECK(first_draw(9741, 8) == Indices{7220, 1914, 122, 1485, 9539, 572, 1375, 1612});
        CHECK(first_draw(39905, 11) == Indices{28883, 7657, 490, 5940, 38156, 2288, 5500, 6450, 23241, 15519, 1142});
        CHECK(first_draw(87925, 6) == Indices{57767, 15315, 981, 11880, 76313, 4577});
    }

    TEST_CASE("samples from a small pool equal those of CPython") {
        suites::data::PythonRandom random(1234);
        CHECK(random.sample(20, 5) == Indices{14, 3, 0, 2, 1});
        CHECK(random.sample(20, 5) == Indices{2, 3, 11, 7, 0});
    }
}
