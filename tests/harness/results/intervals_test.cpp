// Intervals of tasks and groups as run_view and reports compute them, for few and many items at the ends of the scale.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/results/group_numbers.hpp"
#include "reports/statistics/interval.hpp"
#include "reports/statistics/metric_interval.hpp"
#include "suites/group.hpp"
#include "suites/metric.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/results/find_group.hpp"

using namespace harness;
using reports::data::GroupView;
using reports::data::Interval;
using reports::data::ItemValues;
using reports::data::TaskView;

namespace {

TaskView share_task(const std::string& name, const ItemValues& values) {
    const auto whole = suites::aggregate({.name = "m"}, suites::ScoreColumns{{"m", values}});
    TaskView view;
    view.task = name;
    view.items = values.size();
    view.metrics.push_back({.name = "m",
                            .value = whole->value,
                            .standard_error = whole->standard_error,
                            .values = values,
                            .scored = whole->items,
                            .scale = reports::data::Scale::Share});
    return view;
}

/// Scores of tasks with 1, 2, 5 and 100 items: accuracies of 0, 1, one item from either, and half; values within 0 to 1
/// such as mc2's, at the ends too.
std::vector<ItemValues> samples() {
    std::vector<ItemValues> all;
    for (const std::size_t items : {1U, 2U, 5U, 100U}) {
        for (const std::size_t correct : {std::size_t{0}, std::size_t{1}, items / 2, items - 1, items}) {
            ItemValues values(items, 0.0);
            std::fill(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(correct), 1.0);
            all.push_back(values);
        }
        ItemValues spread;
        ItemValues low;
        ItemValues high;
        for (std::size_t item = 0; item < items; ++item) {
            const double part = std::fmod(static_cast<double>(item + 1) * 0.618034, 1.0);
            spread.emplace_back(part);
            low.emplace_back(1e-9 * part);
            high.emplace_back(1 - 1e-9 * part);
        }
        for (const ItemValues& values : {spread, low, high, ItemValues(items, 0.3)}) all.push_back(values);
    }
    return all;
}

/// The interval holds the value and is not empty.
void check_around(const Interval& interval, double value) {
    CHECK(interval.low <= value);
    CHECK(interval.high >= value);
    CHECK(interval.high > interval.low);  // also where the standard error is 0
}

/// The interval is one of a share: it lies within 0 to 1, around the value.
void check_share(const std::optional<Interval>& interval, double value) {
    REQUIRE(interval.has_value());
    CHECK(interval->low >= 0);
    CHECK(interval->high <= 1);
    check_around(*interval, value);
}

/// Whether the values are a single score that is not 0 or 1, which has no interval.
bool is_alone(const ItemValues& values) {
    return values.size() == 1 && !reports::statistics::is_binary(values);
}

std::vector<GroupView> groups_of(const std::vector<ItemValues>& tasks) {
    reports::data::RunView run;
    std::vector<store::GroupMemberRow> members;
    for (const ItemValues& values : tasks) {
        members.push_back({"t" + std::to_string(members.size())});
        run.tasks.push_back(share_task(members.back().name, values));
    }
    return results::stored_group_numbers(
        run, {{"by_documents", "p", "documents", members}, {"by_members", "p", "members", members}},
        harness_test::catalog());
}

}  // namespace

TEST_SUITE("results.intervals") {
    TEST_CASE("intervals of shares stay within 0 to 1 and are not empty for any number of items") {
        std::size_t checked = 0;
        for (const ItemValues& values : samples()) {
            const TaskView view = share_task("t", values);
            CAPTURE(view.metrics[0].value);
            CAPTURE(values.size());
            const auto interval = reports::statistics::metric95(view.metrics[0], values.size());
            CHECK(interval.has_value() != is_alone(values));
            if (interval) check_share(interval, view.metrics[0].value);
            ++checked;
        }
        CHECK(checked == 36);
    }

    TEST_CASE("intervals of groups of shares stay within 0 to 1 for both weightings") {
        const std::vector<ItemValues> all = samples();
        std::size_t checked = 0;
        for (const ItemValues& first : all) {
            for (const ItemValues& second : all) {
                for (const ItemValues& third : {all.front(), all[23], all.back()}) {
                    for (const GroupView& group : groups_of({first, second, third})) {
                        CAPTURE(group.group);
                        CAPTURE(group.value);
                        const bool alone = is_alone(first) || is_alone(second) || is_alone(third);
                        CHECK(group.ci95.has_value() != alone);
                        if (group.ci95) check_share(group.ci95, group.value);
                        ++checked;
                    }
                }
            }
        }
        CHECK(checked == 2U * 36 * 36 * 3);
        MESSAGE(checked, " groups of three tasks");
    }

    // From NumPy and statsmodels: proportion_confint(method="wilson") of each member, with 1 + p (1 - p) / s^2 items
    // for the third, combined by sqrt(sum (w s)^2), sqrt(sum (w (p - l))^2) and sqrt(sum (w (u - p))^2).
    TEST_CASE("errors and intervals of members are combined by the stated formulas") {
        const auto groups = groups_of({{1.0, 1.0, 0.0, 1.0, 1.0}, {1.0, 1.0}, {0.31, 0.87, 0.55, 0.92, 0.1}});
        const auto check = [&groups](const char* name, double value, double error, double low, double high) {
            const GroupView* group = find_group(groups, name);
            REQUIRE(group != nullptr);
            constexpr double kRounding = 1e-9;
            CHECK(group->value == doctest::Approx(value).epsilon(kRounding));
            CHECK(group->standard_error == doctest::Approx(error).epsilon(kRounding));
            CHECK(group->ci95->low == doctest::Approx(low).epsilon(kRounding));
            CHECK(group->ci95->high == doctest::Approx(high).epsilon(kRounding));
        };
        check("by_documents", 0.7291666666666667, 0.10620505585370636, 0.4931823343988553, 0.8506352946086955);
        check("by_members", 0.7833333333333333, 0.08496404468296508, 0.5076451181369662, 0.8805082356869562);
    }

    TEST_CASE("two members have Newcombe's interval of the difference of two proportions") {
        // 56 of 70 against 48 of 80, Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: 0.0524 to
        // 0.3339. The mean of the first and of what the second lacks to 1 is half that difference above one half.
        const auto score = [](double share, double items) {
            const Interval wilson = reports::statistics::wilson95(share, items);
            return suites::Aggregate{share, 0, static_cast<std::size_t>(items), suites::Range{wilson.low, wilson.high}};
        };
        suites::Group group;
        group.members = {{.name = "a", .metric = "", .fewshot = {}, .sample = {}},
                         {.name = "b", .metric = "", .fewshot = {}, .sample = {}}};
        const auto half = suites::aggregate_group(group, [&score](const suites::GroupMember& member) {
            return std::optional(member.name == "a" ? score(56.0 / 70, 70) : score(32.0 / 80, 80));
        });
        REQUIRE(half->ci95.has_value());
        CHECK(2 * half->ci95->low - 1 == doctest::Approx(0.0524).epsilon(0.001));
        CHECK(2 * half->ci95->high - 1 == doctest::Approx(0.3339).epsilon(0.001));
    }
}
