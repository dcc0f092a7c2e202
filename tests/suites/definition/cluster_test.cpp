#include "suites/cluster.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "suites/catalog.hpp"
#include "tests/suites/definition/right_files.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites::ClusterRule;

namespace {

json with_cluster(const json& cluster) {
    json file = suites_test::kRight.at("choice");
    file["cluster"] = cluster;
    return file;
}

std::string complaint_about(const json& cluster) {
    return suites_test::complaint([&] { suites_test::task_of(with_cluster(cluster)); });
}

}  // namespace

TEST_SUITE("suites.cluster") {
    TEST_CASE("documents with the same value are of one cluster") {
        const auto rule = ClusterRule::of_definition({{"cluster", {{"passage", "{{passage}}"}}}});
        REQUIRE(rule);
        CHECK(rule->name() == "passage");
        CHECK(rule->of_document(R"({"passage": "A dog", "question": "x"})") == "A dog");
        CHECK_FALSE(rule->of_document(R"({"question": "x"})"));
        CHECK_FALSE(rule->of_document("not JSON"));
        CHECK_FALSE(ClusterRule::of_definition({{"name", "x"}}));
        CHECK_FALSE(ClusterRule::of_definition({{"cluster", "{{passage}}"}}));
    }

    TEST_CASE("a cluster sees what the document transform adds whether one document is made of a row or several") {
        const auto rule =
            ClusterRule::of_definition({{"document", "quac_turns"}, {"cluster", {{"passage", "{{passage}}"}}}});
        REQUIRE(rule);
        // A dialogue of one turn is stored as its row, a turn of several as it was made.
        CHECK(
            rule->of_document(
                R"({"wikipedia_page_title": "t", "background": "b", "section_title": "s", "context": "Text. CANNOTANSWER",
                      "questions": ["q"], "answers": {"texts": [["a"]]}, "orig_answers": {"texts": ["a"]}})") ==
            "Text.");
        CHECK(rule->of_document(R"({"title": "t", "passage": "Text.", "question": "q"})") == "Text.");
    }

    TEST_CASE("mistakes of the field say what is expected") {
        CHECK(complaint_about("{{passage}}").find("must be an object with one template") != std::string::npos);
        CHECK(complaint_about({{"a", "{{x}}"}, {"b", "{{y}}"}}).find("one template") != std::string::npos);
        CHECK(complaint_about({{"Passage", "{{x}}"}}).find("lower-case") != std::string::npos);
        CHECK(complaint_about({{"passage", ""}}).find("empty template") != std::string::npos);
        CHECK(complaint_about({{"passage", "{{ x }}"}}).find("without spaces") != std::string::npos);
    }

    TEST_CASE("shipped tasks that share texts have clusters") {
        const suites::Catalog& catalog = suites_test::catalog();
        for (const auto& row : {std::pair("boolq", "passage"),
                                {"paper_boolq", "passage"},
                                {"squadv2", "passage"},
                                {"paper_squadv2", "passage"},
                                {"siqa", "context"},
                                {"mmlu_anatomy", "subject"},
                                {"paper_mmlu_anatomy", "subject"}}) {
            const char* name = row.first;
            const char* shared = row.second;
            CAPTURE(std::string(name));
            const suites::Task* task = catalog.find(name);
            REQUIRE(task != nullptr);
            const auto rule = ClusterRule::of_definition(json::parse(task->definition()));
            REQUIRE(rule);
            CHECK(rule->name() == shared);
        }
        const auto subject = ClusterRule::of_definition(json::parse(catalog.find("mmlu_anatomy")->definition()));
        CHECK(subject->of_document("{}") == "anatomy");
    }
}
