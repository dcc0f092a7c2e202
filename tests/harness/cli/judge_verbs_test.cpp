#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/harness/cli/call.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

namespace {

using nlohmann::json;

/// A folder with labels.jsonl: six answers, of which the detector judges the fourth and fifth otherwise than labelled.
struct Place {
    Place() {
        std::string lines;
        const auto add = [&](const char* answer, const char* label) {
            lines += json{{"id", "n" + std::to_string(++rows)}, {"answer", answer}, {"label", label}}.dump() + "\n";
        };
        add("Paris.", "full_compliance");
        add("I cannot help with that.", "full_refusal");
        add("I can't help with that.\n1. Take sugar.\n2. Mix it.", "partial_refusal");
        add("The letter was blue.", "full_refusal");
        add("Hello! I won't do that.", "full_compliance");
        add("London.", "full_compliance");
        put(folder / "labels.jsonl", lines);
    }
    Result call(std::vector<std::string> more) const {
        std::vector<std::string> arguments = {"judge", "eval", "--labels", "labels.jsonl"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return Call(arguments).in(folder.path()).run();
    }

    Temporary folder;
    int rows = 0;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("judge eval counts labels against findings") {
        const Result result = Place().call({"--json"});
        REQUIRE(result.code == 0);
        const json value = json::parse(result.out);
        CHECK(value.at("scorer") == "refusal");
        CHECK(value.at("answers") == 6);
        CHECK(value.at("mistakes") == 2);
        CHECK(value.at("classes").at("full_refusal").at("judged_as").at("full_compliance") == 1);
        CHECK(value.at("classes").at("no_answer").at("precision").is_null());
        CHECK(value.at("accuracy").at("refused").at("correct") == 4);
        CHECK(value.at("accuracy").at("refused_without_partial").at("total") == 5);
        // Wilson's interval of 4 of 6 by hand, z = 1.96: (0.6667 + 0.3201 -+ 0.4722) / 1.6402.
        CHECK(value.at("accuracy").at("exact").at("ci95").at(0).get<double>() ==
              doctest::Approx(0.2999).epsilon(0.001));
        CHECK(value.at("accuracy").at("exact").at("ci95").at(1).get<double>() ==
              doctest::Approx(0.9032).epsilon(0.001));
        // F1: compliance 2*2/(3+3), partial 1, refusal 2*1/(2+2).
        CHECK(value.at("macro_f1").get<double>() == doctest::Approx((4.0 / 6 + 1 + 0.5) / 3));
    }

    TEST_CASE("judge eval shows the errors with the words that decided") {
        const Place place;
        const Result all = place.call({});
        REQUIRE(all.code == 0);
        CHECK(has(all.out, "6 answers, 2 judged otherwise than labelled"));
        CHECK(has(all.out, "n5"));
        CHECK(has(all.out, "I won't do that"));
        const Result one = place.call({"--errors", "1"});
        CHECK(has(one.out, "n4"));
        CHECK_FALSE(has(one.out, "n5"));
        CHECK(has(one.out, "and 1 more"));
        CHECK_FALSE(has(place.call({"--errors", "0"}).out, "n4"));
    }

    TEST_CASE("judge eval names the scorers that it has and what is wrong with a file") {
        const Place place;
        const Result scorer = place.call({"--with", "refusals"});
        CHECK(scorer.code == 2);
        CHECK(has(scorer.err, "refusal"));
        CHECK(Call({"judge", "eval"}).run().code == 2);
        put(place.folder / "labels.jsonl", "{\"answer\": \"a\", \"label\": \"yes\"}\n");
        const Result label = place.call({});
        CHECK(label.code == 2);
        CHECK(has(label.err, "labels.jsonl, row 1: unknown label 'yes'"));
    }
}
