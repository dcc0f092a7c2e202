#include "harness/results/clusters.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/harness/catalog.hpp"

using namespace harness;

namespace {

store::DocumentRow passage(std::uint64_t doc, const std::string& text) {
    return {.doc = doc, .document_json = nlohmann::json{{"passage", text}}.dump(), .target = "0"};
}

}  // namespace

TEST_SUITE("results.clusters") {
    TEST_CASE("an older run has the clusters of today's task of its name and profile") {
        const suites::Catalog& catalog = harness_test::catalog();
        const auto of = [&](const char* task, const char* profile, const char* definition) {
            const auto rule =
                results::cluster_rule({.task = task, .profile = profile, .definition_json = definition}, catalog);
            return rule ? rule->name() : "";
        };
        CHECK(of("boolq", "lmeval", R"({"name": "boolq"})") == "passage");
        CHECK(of("boolq", "mine", R"({"name": "boolq"})").empty());
        CHECK(of("my_task", "mine", R"({"cluster": {"dialogue": "{{id}}"}})") == "dialogue");
        CHECK(of("my_task", "mine", "").empty());
    }

    TEST_CASE("clusters are numbered as they appear and one document without the field undoes them") {
        const auto rule = suites::ClusterRule::of_definition({{"cluster", {{"passage", "{{passage}}"}}}});
        const auto clusters = results::clusters_of(*rule, {passage(0, "a"), passage(1, "b"), passage(4, "a")});
        CHECK(clusters.of == std::vector<std::size_t>{0, 1, 0});
        CHECK(clusters.count == 2);
        CHECK(clusters.by == "passage");
        CHECK(
            results::clusters_of(*rule, {passage(0, "a"), {.doc = 1, .document_json = "{}", .target = ""}}).of.empty());
    }

    TEST_CASE("errors are over the clusters of the scored items and values stay") {
        // statsmodels, as in clustered_mean_test: error 0.08852464; the unscored item changes nothing.
        reports::data::TaskView task;
        task.metrics.push_back({.name = "acc",
                                .value = 7.0 / 12,
                                .standard_error = 0.1486470975026408,
                                .values = {1, 0, 1, std::nullopt, 1, 0, 0, 1, 1, 1, 0, 1, 0}});
        results::set_clusters({.by = "passage", .of = {0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4}, .count = 5}, task);
        CHECK(task.metrics[0].standard_error == doctest::Approx(0.08852464).epsilon(1e-6));
        CHECK(task.metrics[0].clusters == 5);
        CHECK(task.metrics[0].value == 7.0 / 12);
    }

    TEST_CASE("a single cluster and one for each item leave the errors alone") {
        for (const std::vector<std::size_t>& of : {std::vector<std::size_t>{0, 0, 0}, {0, 1, 2}}) {
            reports::data::TaskView task;
            task.metrics.push_back({.name = "acc", .value = 1.0 / 3, .standard_error = 0.25, .values = {1, 0, 0}});
            results::set_clusters({.by = "passage", .of = of, .count = of.back() + 1}, task);
            CHECK(task.metrics[0].standard_error == 0.25);
            CHECK(task.metrics[0].clusters == 0);
        }
    }
}
