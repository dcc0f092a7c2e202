#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "harness/model/model_source.hpp"
#include "harness/run/executor.hpp"
#include "tests/harness/catalog.hpp"

using namespace harness;

namespace {

/// The rows of a task's items by document, run in this order, `batch` at a time.
std::map<std::uint64_t, store::ItemRow> answers(engine::LanguageModel& model, const suites::Task& task,
                                                const std::vector<suites::Item>& items,
                                                const std::vector<std::size_t>& order, std::size_t batch) {
    run::RunOptions options;
    options.temperature = 0.8F;  // sampled tokens depend on the item, not on the order
    const suites::Grader none;
    run::Executor executor(model, task, options, none, nullptr);
    std::map<std::uint64_t, store::ItemRow> rows;
    for (std::size_t begin = 0; begin < order.size(); begin += batch) {
        std::vector<const suites::Item*> asked;
        for (std::size_t i = begin; i < std::min(begin + batch, order.size()); ++i) asked.push_back(&items[order[i]]);
        for (store::ItemRow& row : executor.answer(asked)) rows[row.doc] = std::move(row);
    }
    return rows;
}

}  // namespace

TEST_SUITE("harness.order") {
    TEST_CASE("the order of items changes no byte of an answer") {
        const model::ModelSource source("demo:base");
        const auto model = source.open({});
        std::mt19937 random(5);
        for (const suites::Task& task : harness_test::select_tasks("demo_facts,demo_sums")) {
            CAPTURE(task.name());
            const std::vector<suites::Item> items = task.render("", {.fewshot = {}, .limit = 24, .seed = 1});
            std::vector<std::size_t> order(items.size());
            std::iota(order.begin(), order.end(), 0);
            const auto expected = answers(*model, task, items, order, 8);
            REQUIRE(expected.size() == 24);
            std::reverse(order.begin(), order.end());
            CHECK(answers(*model, task, items, order, 24) == expected);
            for (const std::size_t batch : {1U, 5U, 8U, 24U}) {
                CAPTURE(batch);
                std::shuffle(order.begin(), order.end(), random);
                CHECK(answers(*model, task, items, order, batch) == expected);
            }
        }
    }
}
