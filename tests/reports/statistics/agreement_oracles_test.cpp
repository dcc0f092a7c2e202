#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/reports/statistics/agreement_samples.hpp"

using namespace reports::statistics;
using reports_test::cells;
using reports_test::shared_data;

namespace {

const std::map<std::string, Weights> kWeights = {
    {"identity", Weights::Identity}, {"bipolar", Weights::Bipolar}, {"circular", Weights::Circular},
    {"linear", Weights::Linear},     {"ordinal", Weights::Ordinal}, {"quadratic", Weights::Quadratic},
    {"radical", Weights::Radical},   {"ratio", Weights::Ratio},
};
const std::map<std::string, Coefficient> kCoefficients = {
    {"AC1/AC2", Coefficient::GwetAc},     {"krippendorff", Coefficient::KrippendorffAlpha},
    {"fleiss", Coefficient::FleissKappa}, {"conger", Coefficient::CongerKappa},
    {"bp", Coefficient::BrennanPrediger},
};

/// The oracles have three decimals.
bool near(double value, const std::string& expected, double tolerance = 0.00051) {
    return std::abs(value - std::stod(expected)) <= tolerance;
}

}  // namespace

TEST_SUITE("reports.agreement") {
    TEST_CASE("all coefficients and weights and standard errors are those of Gwet's program") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const std::string folder = shared + "/agreement-oracles/";
        std::ifstream expected(folder + "expected.tsv");
        std::string line;
        std::getline(expected, line);
        std::size_t rows = 0;
        while (std::getline(expected, line)) {
            CAPTURE(line);
            // file, coefficient, weights, observed, chance, value, standard error (two are missing), low end
            const std::vector<std::string> row = cells(line, '\t');
            REQUIRE(row.size() == 8);
            const auto result = std::get<Agreement>(agreement(reports_test::read_ratings(folder + row[0]),
                                                              {kCoefficients.at(row[1]), kWeights.at(row[2])}));
            CHECK(near(result.observed, row[3]));
            CHECK(near(result.chance, row[4]));
            CHECK(near(result.value, row[5]));
            REQUIRE(result.standard_error);
            // One of the 58 is .1455 here and .146 there.
            if (!row[6].empty()) CHECK(near(*result.standard_error, row[6], 0.00055));
            CHECK(near(result.ci95->low, row[7], 0.0012));
            ++rows;
        }
        CHECK(rows == 60);
    }

    TEST_CASE("votes of people on MT-bench answers agree as published") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::map<std::string, std::vector<std::size_t>> votes;  // first model, tie, second model
        std::ifstream file(shared + "/mt-bench-votes/human.jsonl");
        std::string line;
        while (std::getline(file, line)) {
            const auto vote = nlohmann::json::parse(line);
            std::string first = vote.at("model_a");
            std::string second = vote.at("model_b");
            std::size_t choice = vote.at("winner") == "model_a" ? 0 : vote.at("winner") == "model_b" ? 2 : 1;
            if (second < first) {
                std::swap(first, second);
                choice = 2 - choice;
            }
            const auto item = nlohmann::json{first, second, vote.at("question_id"), vote.at("turn")};
            auto& counts = votes[item.dump()];
            counts.resize(3);
            ++counts[choice];
        }
        std::vector<std::vector<std::size_t>> twice;
        for (const auto& [item, counts] : votes) {
            if (counts[0] + counts[1] + counts[2] >= 2) twice.push_back(counts);
        }
        const Ratings ratings = reports_test::from_counts(twice);
        CHECK(near(std::get<Agreement>(agreement(ratings, {Coefficient::RawAgreement})).value, "0.672"));
        CHECK(near(std::get<Agreement>(agreement(ratings, {Coefficient::GwetAc})).value, "0.5137"));  // NumPy
        CHECK(near(std::get<Agreement>(agreement(ratings, {Coefficient::KrippendorffAlpha})).value, "0.4855"));
    }

    TEST_CASE("the DICES safety ratings agree as published") {
        const std::string shared = shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        std::ifstream file(shared + "/dices/dices_350_crowdsourced.json");
        const auto document = nlohmann::json::parse(file);
        const std::map<std::string, std::size_t> position = {{"No", 0}, {"Unsure", 1}, {"Yes", 2}};
        std::vector<std::vector<std::size_t>> counts;
        for (const auto& instance : document.at("instances")) {
            counts.emplace_back(3);
            for (const auto& score : instance.at("annotations").at("safety").at("individual_human_scores")) {
                ++counts.back()[position.at(score.get<std::string>())];
            }
        }
        CHECK(counts.size() == 350);
        const Ratings ratings = reports_test::from_counts(counts);
        CHECK(near(std::get<Agreement>(agreement(ratings, {Coefficient::GwetAc})).value, "0.416"));
        CHECK(near(std::get<Agreement>(agreement(ratings, {Coefficient::KrippendorffAlpha})).value, "0.161"));
    }
}
