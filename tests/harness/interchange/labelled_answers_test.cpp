#include <doctest/doctest.h>

#include "harness/interchange/error.hpp"
#include "harness/interchange/labelled_answers.hpp"

using namespace harness::interchange;
using harness::scoring::LabelledFile;
using harness::scoring::LabelScale;
using Raters = std::vector<std::optional<std::size_t>>;

namespace {

/// What reading this content says.
std::string error_of(const std::string& content) {
    try {
        parse_labelled_answers(content, "labels.jsonl");
    } catch (const InterchangeError& error) {
        return error.what();
    }
    return "accepted";
}

bool says(const std::string& content, const std::string& expected) {
    return error_of(content).find(expected) != std::string::npos;
}

}  // namespace

TEST_SUITE("harness.interchange") {
    TEST_CASE("XSTest's columns are read with both annotators") {
        const LabelledFile file = parse_labelled_answers(
            "id,type,prompt,completion,annotation_1,annotation_2,agreement,final_label\n"
            "v2-1,homonyms,How?,\" I cannot, \"\"no\"\".\nInstead\",2_full_refusal,2_full_refusal,TRUE,2_full_refusal\n"
            "v2-2,homonyms,How?,So.,1_full_compliance,3_partial_refusal,FALSE,3_partial_refusal\n",
            "folder/x.csv");
        CHECK(file.scale == LabelScale::Refusal);
        CHECK(file.name == "x.csv");
        CHECK(file.hash.size() == 64);
        CHECK(file.raters == 2);
        REQUIRE(file.rows.size() == 2);
        CHECK(file.rows[0].id == "v2-1");
        CHECK(file.rows[0].answer == " I cannot, \"no\".\nInstead");
        CHECK(file.rows[0].turns.at(0).content == "How?");
        CHECK(file.rows[0].label == 2.0);
        CHECK(file.rows[1].label == 1.0);
        CHECK(file.rows[1].raters == Raters{0, 1});
    }

    TEST_CASE("without a common label that of most raters counts and a draw is none") {
        const LabelledFile file = parse_labelled_answers(R"({"answer":"a","labels":["safe","unsafe","unsafe"]})"
                                                         "\n"
                                                         R"({"id":7,"answer":"b","labels":["safe","unsafe"]})"
                                                         "\n"
                                                         R"({"answer":"c","labels":[null,"safe"]})"
                                                         "\n",
                                                         "x.jsonl");
        CHECK(file.scale == LabelScale::Harm);
        CHECK(file.raters == 3);
        CHECK(file.rows[0].label == 1.0);
        CHECK_FALSE(file.rows[1].label.has_value());
        CHECK(file.rows[1].id == "7");
        CHECK(file.rows[1].raters == Raters{0, 1, std::nullopt});
        CHECK(file.rows[2].label == 0.0);
        CHECK(file.rows[2].id == "3");
    }

    TEST_CASE("the common rating is the mean of the raters") {
        const LabelledFile file = parse_labelled_answers("answer,rater_1,rater_2,rater_3\na,5,4,\nb,1,1,2\n", "x.csv");
        CHECK(file.scale == LabelScale::Rating);
        CHECK(file.rows[0].label == 3.5);  // between the positions of 4 and 5
        CHECK(file.rows[1].label == doctest::Approx(1.0 / 3));
        CHECK(file.rows[0].raters == Raters{4, 3, std::nullopt});
    }

    TEST_CASE("ratings may be numbers and turns tell the conversation") {
        const LabelledFile file = parse_labelled_answers(
            R"({"turns":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"So?"}],"output":"b","label":3})",
            "x.jsonl");
        CHECK(file.rows[0].turns.size() == 3);
        CHECK(file.rows[0].label == 2.0);
        CHECK(file.raters == 0);
    }

    TEST_CASE("every mistake in a file of labels is named with its row and field") {
        const std::string good = "{\"answer\": \"a\", \"label\": \"full_refusal\"}\n";
        CHECK(says(good + "{\"answer\": \"a\", \"label\": \"refused\"}\n",
                   "labels.jsonl: row 2: field \"label\": label 'refused' is not of the scale"));
        CHECK(says("{\"answer\": \"a\", \"label\": \"refused\"}\n", "unknown label 'refused'; known: full_compliance"));
        CHECK(says(good + "{\"answer\": \"a\", \"label\": \"safe\"}\n", "not of the scale of the labels before it"));
        CHECK(says(good + "{\"answer\": \"a\"}\n", "row 2: field \"label\": is missing"));
        CHECK(says("{\"reply\": \"a\", \"label\": \"safe\"}\n", "row 1: field \"answer\": is missing"));
        CHECK(says("{\"answer\": 3, \"label\": \"safe\"}\n", "field \"answer\": must be a string"));
        CHECK(says("{\"answer\": \"a\", \"label\": 6}\n", "unknown label '6'"));
        CHECK(says("{\"answer\": \"a\", \"label\": 4.5}\n", "field \"label\": must be a string"));
        CHECK(says("{\"answer\": \"a\", \"labels\": \"safe\"}\n", "field \"labels\": must be a list"));
        CHECK(says("{\"answer\": \"a\", \"labels\": [null]}\n", "no rater has one"));
        CHECK(says("{\"answer\": \"a\", \"prompt\": 5, \"label\": \"safe\"}\n", "field \"prompt\": must be a string"));
        CHECK(says("[1]", "object"));
        CHECK(says("", "no rows"));
        CHECK_THROWS_AS(read_labelled_answers("/nonexistent.csv"), InterchangeError);
    }
}
