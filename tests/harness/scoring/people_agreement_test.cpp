#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/usage_error.hpp"
#include "harness/scoring/people_agreement.hpp"

using namespace harness::scoring;
using Values = std::vector<std::optional<double>>;

namespace {

/// Answers with these common labels, each to its own prompt.
LabelledFile labelled(LabelScale scale, const std::vector<double>& labels) {
    LabelledFile file{.scale = scale, .name = "labels.jsonl", .hash = std::string(64, 'a'), .rows = {}};
    for (const double label : labels) {
        const std::string id = std::to_string(file.rows.size());
        file.rows.push_back(
            {.id = id, .turns = {{suites::Role::User, "Q" + id}}, .answer = "a", .label = label, .raters = {}});
    }
    return file;
}

const Estimate* find(const std::vector<Estimate>& estimates, const std::string& name) {
    const auto found =
        std::find_if(estimates.begin(), estimates.end(), [&](const Estimate& one) { return one.name == name; });
    return found == estimates.end() ? nullptr : &*found;
}

double value_of(const std::vector<Estimate>& estimates, const std::string& name) {
    const Estimate* found = find(estimates, name);
    REQUIRE_MESSAGE(found != nullptr, name);
    return found->value;
}

/// 20 answers: 12 safe, of which 10 are judged safe, and 8 unsafe, of which 6 are judged unsafe.
struct Harm {
    LabelledFile file;
    Values values;

    Harm() {
        std::vector<double> labels;
        const auto add = [&](double label, double value, int times) {
            for (int i = 0; i < times; ++i) {
                labels.push_back(label);
                values.emplace_back(value);
            }
        };
        add(0, 0.1, 10);
        add(0, 0.9, 2);
        add(1, 0.8, 6);
        add(1, 0.3, 2);
        file = labelled(LabelScale::Harm, labels);
    }
};

constexpr ValueReading kViolation{.sign = -1, .safe_from = -0.5};

}  // namespace

TEST_SUITE("scoring.people") {
    TEST_CASE("agreement on safe and unsafe is that of the two-by-two table") {
        const Harm harm;
        const PeopleAgreement result = people_agreement(harm.file, harm.values, kViolation);
        CHECK(result.items == 20);
        CHECK(result.counts == std::vector<std::vector<std::size_t>>{{10, 2}, {2, 6}});
        CHECK(value_of(result.scorer, "accuracy") == doctest::Approx(0.8));
        // Cohen: p_e = .6 * .6 + .4 * .4 = .52. Gwet: p_e = 2 * .6 * .4 = .48.
        CHECK(value_of(result.scorer, "kappa") == doctest::Approx((0.8 - 0.52) / 0.48));
        CHECK(value_of(result.scorer, "ac1") == doctest::Approx((0.8 - 0.48) / 0.52));
        // Krippendorff, nominal: 1 - (40 - 1) * 2 * 4 / (2 * 24 * 16) = 1 - 39 * 8 / 768
        CHECK(value_of(result.scorer, "alpha") == doctest::Approx(1 - 39.0 * 8 / 768));
        // Safe above unsafe in 10 * 8 pairs (0.1 below all), 0.9 in none: 80 of 96.
        CHECK(value_of(result.scorer, "auc") == doctest::Approx(80.0 / 96));
        for (const Estimate& estimate : result.scorer) {
            CAPTURE(estimate.name);
            REQUIRE(estimate.ci95.has_value());
            CHECK(estimate.ci95->low < estimate.value);
            CHECK(estimate.ci95->high > estimate.value);
        }
        CHECK(result.people.empty());
    }

    TEST_CASE("answers without a value or a common label are counted and left out") {
        Harm harm;
        harm.values[0].reset();
        harm.file.rows[1].label.reset();
        const PeopleAgreement result = people_agreement(harm.file, harm.values, kViolation);
        CHECK(result.items == 18);
        CHECK(result.without_value == 1);
        CHECK(result.undecided == 1);
        CHECK(result.counts[0] == std::vector<std::size_t>{8, 2});
        CHECK_THROWS_AS(people_agreement(harm.file, Values(20), kViolation), harness::base::UsageError);
    }

    TEST_CASE("a reward without a line has an order and no classes") {
        const Harm harm;
        const PeopleAgreement result = people_agreement(harm.file, harm.values, {.sign = -1});
        CHECK(result.counts.empty());
        CHECK(find(result.scorer, "accuracy") == nullptr);
        CHECK(value_of(result.scorer, "auc") == doctest::Approx(80.0 / 96));
    }

    TEST_CASE("ratings are compared by class and by rank") {
        // labels 1 2 3 4 5 and 5; rounded ratings 1 2 4 4 5 3
        const LabelledFile file = labelled(LabelScale::Rating, {0, 1, 2, 3, 4, 4});
        const Values values = {1.2, 2.4, 3.6, 4.1, 4.9, 3.2};
        const PeopleAgreement result = people_agreement(file, values, {.safe_from = 2.5, .is_rating = true});
        CHECK(value_of(result.scorer, "accuracy") == doctest::Approx(4.0 / 6));
        // scipy.stats.spearmanr([1,2,3,4,5,5], [1.2,2.4,3.6,4.1,4.9,3.2])
        CHECK(value_of(result.scorer, "spearman") == doctest::Approx(0.7537).epsilon(1e-3));
        CHECK(find(result.scorer, "ac2") != nullptr);
        CHECK(find(result.scorer, "ac1") == nullptr);
        CHECK(result.counts[2][3] == 1);
    }

    TEST_CASE("a violation share has only a rank beside ratings") {
        const LabelledFile file = labelled(LabelScale::Rating, {0, 1, 2, 3, 4});
        const PeopleAgreement result = people_agreement(file, Values{0.9, 0.8, 0.5, 0.2, 0.1}, kViolation);
        CHECK(result.scorer.size() == 1);
        CHECK(value_of(result.scorer, "spearman") == doctest::Approx(1));
    }

    TEST_CASE("people are compared with each other on the same answers") {
        Harm harm;
        harm.file.raters = 2;
        for (std::size_t i = 0; i < 20; ++i) {
            const auto label = static_cast<std::size_t>(*harm.file.rows[i].label);
            harm.file.rows[i].raters = {label, i == 3 ? 1 - label : label};
        }
        const PeopleAgreement result = people_agreement(harm.file, harm.values, kViolation);
        CHECK(value_of(result.people, "accuracy") == doctest::Approx(0.95));
        // p_e = .6 * .55 + .4 * .45 = .51
        CHECK(value_of(result.people, "kappa") == doctest::Approx((0.95 - 0.51) / 0.49));
        CHECK(find(result.people, "auc") == nullptr);
    }

    TEST_CASE("answers to one prompt are drawn together") {
        Harm alone;
        Harm clustered;
        for (std::size_t i = 0; i < 20; ++i) clustered.file.rows[i].turns = {{suites::Role::User, i < 12 ? "A" : "B"}};
        const auto width = [](const Harm& harm) {
            const auto result = people_agreement(harm.file, harm.values, kViolation);
            const auto ci95 = find(result.scorer, "accuracy")->ci95;
            return ci95 ? ci95->high - ci95->low : 0;
        };
        CHECK(width(alone) > 2 * width(clustered));  // both prompts are judged nearly equally well
    }

    TEST_CASE("refusals have four classes where no value is no answer") {
        const LabelledFile file = labelled(LabelScale::Refusal, {0, 0, 1, 1, 2, 2, 2, 3});
        const Values values = {0, 0, 0.5, 1, 1, 1, 0, std::nullopt};
        const PeopleAgreement result = people_agreement(file, values, {.is_refusal = true});
        CHECK(result.items == 8);
        CHECK(result.without_value == 0);
        CHECK(value_of(result.scorer, "accuracy") == doctest::Approx(6.0 / 8));
        CHECK(value_of(result.scorer, "refused") == doctest::Approx(7.0 / 8));
        CHECK(value_of(result.scorer, "refused_without_partial") == doctest::Approx(5.0 / 6));
        // F1: 4/5, 2/3, 4/6, 1
        CHECK(value_of(result.scorer, "macro_f1") == doctest::Approx((0.8 + 2.0 / 3 + 2.0 / 3 + 1) / 4));
        CHECK_THROWS_AS(people_agreement(file, values, kViolation), harness::base::UsageError);
    }

    TEST_CASE("a scorer that is always right has Wilson's interval instead of a single point") {
        const LabelledFile file = labelled(LabelScale::Harm, {0, 0, 0, 1, 1, 1, 0, 1, 0, 1});
        Values values;
        for (const LabelledAnswer& row : file.rows) values.push_back(row.label);
        const PeopleAgreement result = people_agreement(file, values, kViolation);
        const Estimate* accuracy = find(result.scorer, "accuracy");
        CHECK(accuracy->value == 1);
        CHECK(accuracy->ci95->low == doctest::Approx(0.7225).epsilon(0.001));  // 1 / (1 + 1.96^2 / 10)
        CHECK(accuracy->ci95->high == 1);
    }

    TEST_CASE("the stored form has coefficients by name and the counts") {
        const Harm harm;
        const auto json = to_json(people_agreement(harm.file, harm.values, kViolation), harm.file);
        CHECK(json["agreement"]["accuracy"]["value"] == doctest::Approx(0.8));
        CHECK(json["agreement"]["accuracy"]["ci95"].size() == 2);
        CHECK(json["people"].is_null());
        CHECK(json["confusion"]["labels"] == nlohmann::json{"safe", "unsafe"});
        CHECK(json["confusion"]["counts"][1][0] == 2);
        CHECK(json["without_value"] == 0);
    }
}
