#include <doctest/doctest.h>

#include "harness/results/group_numbers.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/results/find_group.hpp"

using namespace harness;

namespace {

reports::data::TaskView accuracy_task(const std::string& name, std::vector<std::optional<double>> values) {
    reports::data::TaskView view;
    view.task = name;
    view.items = values.size();
    reports::data::MetricValues metric;
    metric.name = "acc";
    double sum = 0;
    for (const auto& value : values) sum += value.value_or(0);
    metric.value = sum / static_cast<double>(values.size());
    metric.standard_error = 0;
    metric.values = std::move(values);
    view.metrics.push_back(std::move(metric));
    return view;
}

}  // namespace

TEST_SUITE("results.groups") {
    TEST_CASE("groups of a run that the catalogue does not have keep their numbers") {
        reports::data::RunView run;
        run.tasks = {accuracy_task("a", {1.0}), accuracy_task("b", {0.0, 0.0, 1.0, 0.0, 0.0})};
        const std::vector<store::GroupRow> rows = {
            {"my_documents", "p", "documents", {{"a"}, {"b", "acc"}}},
            {"my_members", "p", "members", {{"a"}, {"b"}}},
            {"my_pair", "p", "members", {{"my_documents"}, {"a"}}},
            {"my_list", "p", "none", {{"a"}, {"b"}}},
            {"my_part", "p", "members", {{"a"}, {"gone"}}},
            {"demo", "demo", "members", {{"a"}}},
        };
        const auto groups = results::stored_group_numbers(run, rows, harness_test::catalog());
        REQUIRE(find_group(groups, "my_documents") != nullptr);
        CHECK(find_group(groups, "my_documents")->value == doctest::Approx(2.0 / 6));  // 2 of 6 documents
        CHECK(find_group(groups, "my_documents")->items == 6);
        CHECK(find_group(groups, "my_members")->value == doctest::Approx(0.6));               // of 1 and 1/5
        CHECK(find_group(groups, "my_pair")->value == doctest::Approx((2.0 / 6 + 1.0) / 2));  // of the first and 1
        CHECK(find_group(groups, "my_list") == nullptr);
        CHECK(find_group(groups, "my_part")->missing == std::vector<std::string>{"gone"});
        CHECK(find_group(groups, "demo") == nullptr);  // the catalogue's own
    }

    TEST_CASE("a cycle of stored groups ends") {
        reports::data::RunView run;
        run.tasks = {accuracy_task("a", {1.0})};
        const std::vector<store::GroupRow> rows = {{"x", "p", "members", {{"y"}, {"a"}}},
                                                   {"y", "p", "members", {{"x"}, {"x"}, {"x"}}}};
        CHECK(find_group(results::stored_group_numbers(run, rows, harness_test::catalog()), "x") != nullptr);
    }
}
