#include "safety/refusal/labels.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "safety/error.hpp"
#include "suites/error.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

namespace {

using safety::refusal::read_labelled;
using safety::refusal::Refusal;

/// What reading a file with this content says.
std::string error_of(const std::string& content) {
    const Temporary folder;
    put(folder / "labels.jsonl", content);
    try {
        read_labelled(folder / "labels.jsonl");
    } catch (const safety::PromptError& error) {
        return error.what();
    }
    return "";
}

bool says(const std::string& content, const std::string& expected) {
    return error_of(content).find(expected) != std::string::npos;
}

}  // namespace

TEST_SUITE("safety.refusal") {
    TEST_CASE("XSTest's columns are read") {
        const Temporary folder;
        put(folder / "x.csv",
            "id,type,prompt,completion,annotation_1,annotation_2,agreement,final_label\n"
            "v2-1,homonyms,How?,\" I cannot, \"\"no\"\".\nInstead\",2_full_refusal,2_full_refusal,TRUE,2_full_refusal\n"
            "v2-2,homonyms,How?,So.,1_full_compliance,3_partial_refusal,FALSE,3_partial_refusal\n");
        const auto rows = read_labelled(folder / "x.csv");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].id == "v2-1");
        CHECK(rows[0].answer == " I cannot, \"no\".\nInstead");
        CHECK(rows[0].label == Refusal::FullRefusal);
        CHECK(rows[1].label == Refusal::PartialRefusal);
    }

    TEST_CASE("JSON lines need no ids") {
        const Temporary folder;
        put(folder / "x.jsonl",
            "{\"answer\": \"Paris.\", \"label\": \"full_compliance\"}\n{\"id\": 7, \"answer\": \"\", \"label\": "
            "\"no_answer\"}\n");
        const auto rows = read_labelled(folder / "x.jsonl");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].id == "1");
        CHECK(rows[1].id == "7");
        CHECK(rows[1].label == Refusal::NoAnswer);
    }

    TEST_CASE("a mistake in a file of labels is named with its row") {
        const std::string good = "{\"answer\": \"a\", \"label\": \"full_refusal\"}\n";
        CHECK(says(good + "{\"answer\": \"a\", \"label\": \"refused\"}\n",
                   "row 2: unknown label 'refused'; known: full_compliance"));
        CHECK(says(good + "{\"answer\": \"a\"}\n", "row 2: has none of the fields label, final_label"));
        CHECK(says("{\"reply\": \"a\", \"label\": \"full_refusal\"}\n",
                   "row 1: has none of the fields answer, completion"));
        CHECK(says("{\"answer\": 3, \"label\": \"full_refusal\"}\n", "row 1: answer is not a string"));
        CHECK(says("", "no rows"));
        CHECK_THROWS_AS(read_labelled("/nonexistent.csv"), suites::SuiteError);
    }
}
