#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "tests/harness/study/small_study.hpp"

using namespace harness::study;
using harness::store::RaterSessionRow;
using small_study::kMinute;
using small_study::pairwise;
using small_study::Study;

TEST_SUITE("harness.study") {
    TEST_CASE("agreement counts who says what more than half of the others say") {
        Study study(pairwise(4), 2);
        // On the first answer's side: 1 to 3 prefer it, 4 is a tie, 5 to 7 prefer the second.
        const std::vector<std::vector<std::int64_t>> values = {{1, 2, 3, 7}, {1, 4, 4, 7}};
        std::vector<RaterSessionRow> sessions(4);
        for (RaterSessionRow& session : sessions) session = study.rater();
        for (std::size_t rater = 0; rater < 4; ++rater) {
            for (int i = 0; i < 2; ++i) {
                const ShownItem item = study->current(sessions[rater]).item.value();
                const std::size_t number = item.turns.front().content == "prompt 0" ? 0 : 1;
                const bool is_first_left = item.answers.front().starts_with('a');
                const std::int64_t value = values[number][rater];
                study->submit(sessions[rater], item.id, {.value = is_first_left ? value : 8 - value}, "", 1);
            }
        }
        // Prompt 0: win, win, win, loss: three agree with the others, the last does not. Prompt 1: win, tie, tie,
        // loss: the others of the first and of the last say tie, those of the second and third have no majority.
        const StudyStatus status = study->status();
        const std::vector<std::pair<std::size_t, std::size_t>> expected = {{1, 2}, {1, 1}, {1, 1}, {0, 2}};
        for (std::size_t rater = 0; rater < 4; ++rater) {
            CAPTURE(rater);
            CHECK(status.raters[rater].agreeing == expected[rater].first);
            CHECK(status.raters[rater].with_majority == expected[rater].second);
        }
        CHECK(status.agreeing() == 3);
        CHECK(status.with_majority() == 6);
        study->exclude(sessions[3].rater, "disagrees");
        CHECK(study->status().with_majority() == 4);
        CHECK(study->status().agreeing() == 3);  // all but the win against two ties
    }

    TEST_CASE("a session ends thirty days after it began however much it was used") {
        Study study(pairwise(), 2);
        const NewSession begun = study->begin_session(study->invite(1, "").front().token).value();
        for (int day = 0; day < 29; ++day) {
            study.pass(kMinute * 60 * 24);
            CHECK(study->session(begun.secret).has_value());
        }
        study.pass(kMinute * 60 * 24 - 1);
        CHECK(study->session(begun.secret).has_value());
        study.pass(1);
        CHECK_FALSE(study->session(begun.secret).has_value());
        const NewSession next = study->begin_session(study->new_link(begun.session.rater).token).value();
        CHECK(study->session(next.secret)->rater == begun.session.rater);
    }
}
