#include "reports/sections/ratings_words.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "reports/sections/ratings_tables.hpp"
#include "tests/reports/sections/rating_samples.hpp"

using namespace reports;
using reports_test::pairwise_study;
using reports_test::safety_study;

namespace {

bool any_has(const std::vector<std::string>& lines, const std::string& text) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

std::vector<std::string> verdicts(const data::Study& study) {
    return sections::ratings_verdicts(study, sections::analyse(study));
}

std::vector<std::string> warnings(const data::Study& study) {
    return sections::ratings_warnings(study, sections::analyse(study));
}

}  // namespace

TEST_SUITE("reports.ratings") {
    TEST_CASE("the verdict says who is better only where it is decided") {
        const std::vector<std::string> won(60, "123");
        CHECK(any_has(verdicts(pairwise_study(won)), "chat is better than base: of 60 items it wins 100.0 %"));
        CHECK(any_has(verdicts(pairwise_study(std::vector<std::string>(60, "756"))), "chat is worse than base"));
        std::vector<std::string> mixed;
        for (std::size_t item = 0; item < 60; ++item) mixed.emplace_back(item % 2 == 0 ? "123" : "657");
        CHECK(any_has(verdicts(pairwise_study(mixed)), "No difference between chat and base is shown"));
    }

    TEST_CASE("four prompts that are all won decide nothing") {
        // The interval leaves out one half, but the sign test has p 2 / 16.
        CHECK(any_has(verdicts(pairwise_study({"111", "111", "111", "111"})), "No difference"));
    }

    TEST_CASE("a pair among several is decided by a p that counts them") {
        // Six prompts of each of three pairs, all won: p 2 / 64 alone, and 6 / 64 as one of three.
        data::Study study = pairwise_study(std::vector<std::string>(18, "111"));
        study.variants.emplace_back("third");
        for (std::size_t item = 0; item < study.items.size(); ++item) {
            study.items[item].first = item % 3 == 2 ? 1 : 0;
            study.items[item].second = item % 3 == 0 ? 1 : 2;
        }
        CHECK(any_has(verdicts(study), "No difference between chat and base is shown"));
        CHECK(any_has(verdicts(study), "p = 0.0938. That p is adjusted"));
        CHECK(any_has(verdicts(pairwise_study(std::vector<std::string>(6, "111"))), "chat is better than base"));
    }

    TEST_CASE("a safety study says how often each variant violates") {
        const auto lines = verdicts(safety_study({"115", "555", "255", "555"}));
        CHECK(any_has(lines, "chat: violation in 50.0 % of 2 items"));
        CHECK(any_has(lines, "base: violation in 0.0 % of 2 items"));
        CHECK(any_has(lines, "No difference in violations between base and chat is shown: -50.0 points"));
        CHECK(any_has(lines, "Human ceiling"));
    }

    TEST_CASE("what limits the results is said") {
        data::Study study = pairwise_study({"117", "127", "117", "126", "444", "117"});
        study.state = "open";
        study.is_adaptive = true;
        study.scrubbed = 2;
        const auto lines = warnings(study);
        CHECK(any_has(lines, "The study is open"));
        CHECK(any_has(lines, "adaptive mode"));
        CHECK(any_has(lines, "Only 6 prompts are rated"));
        CHECK_FALSE(any_has(lines, "fewer than 3 ratings"));
        CHECK(any_has(lines, "2 answers without passages"));
        CHECK(any_has(lines, "Raters agree little: Gwet's AC2, ordinal weights"));
        CHECK(any_has(lines, "the result hangs on one rater"));
    }

    TEST_CASE("a good study has nothing against it") {
        std::vector<std::string> values;
        for (std::size_t item = 0; item < 60; ++item) values.emplace_back(item % 3 == 0 ? "667" : "122");
        CHECK(warnings(pairwise_study(values)).empty());
    }

    TEST_CASE("a preference for one side is told with its interval") {
        data::Study study = pairwise_study(std::vector<std::string>(80, "111"));
        for (data::StudyRating& rating : study.ratings) rating.is_first_left = rating.item % 4 != 0;
        CHECK(any_has(warnings(study), "Raters prefer the left side: 75.0 %"));
    }

    TEST_CASE("groups that were never compared are listed") {
        data::Study study = pairwise_study({"111", "222", "765", "123"});
        study.variants = {"a", "b", "c", "d"};
        for (std::size_t item = 0; item < 4; ++item) {
            study.items[item].first = item % 2 == 0 ? 0 : 2;
            study.items[item].second = item % 2 == 0 ? 1 : 3;
        }
        CHECK(any_has(warnings(study), "a, b | c, d"));
        CHECK(sections::ratings_strength_table(study, sections::analyse(study)).rows.empty());
    }

    TEST_CASE("tables have as many cells as titles and no empty table is printed") {
        data::Study three = pairwise_study({"111", "222", "765", "123", "444", "671"});
        three.variants.emplace_back("third");
        for (std::size_t item = 0; item < three.items.size(); ++item) {
            three.items[item].first = item % 3;
            three.items[item].second = (item + 1) % 3;
        }
        three.raters[1].is_excluded = true;
        for (data::StudyRating& rating : three.ratings) {
            if (rating.rater == 1) rating.standing = data::RatingStanding::Excluded;
        }
        for (const data::Study& study : {pairwise_study({"123", "444"}), safety_study({"115", "555"}), three}) {
            const auto tables = sections::ratings_tables(study, sections::analyse(study));
            CHECK(tables.size() >= 4);
            for (const sections::Table& table : tables) {
                CHECK(table.titles.size() == table.columns.size());
                CHECK(table.rows.size() == table.run_of_row.size());
                CHECK_FALSE(table.rows.empty());
                for (const auto& row : table.rows) CHECK(row.size() == table.titles.size());
            }
        }
    }

    TEST_CASE("items that lack ratings are counted") {
        CHECK(any_has(warnings(pairwise_study({"123", "4-4", "--5"})), "2 of 3 items have fewer than 3 ratings"));
    }

    TEST_CASE("a study without ratings says so and has a table of raters only") {
        const data::Study study = pairwise_study({"--", "--"});
        CHECK(any_has(verdicts(study), "Nothing is rated yet"));
        const auto tables = sections::ratings_tables(study, sections::analyse(study));
        for (const sections::Table& table : tables) CHECK(table.heading != "Results");
    }
}
