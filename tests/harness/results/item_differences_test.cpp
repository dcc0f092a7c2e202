#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "harness/results/item_differences.hpp"
#include "harness/store/database.hpp"
#include "harness/store/transaction.hpp"
#include "reports/formats/item_differences.hpp"
#include "reports/formats/render.hpp"
#include "tests/harness/interchange/logs.hpp"

using namespace harness;
using nlohmann::json;

namespace {

/// Two runs of one task, the second after a change.
struct Pair {
    Temporary folder;
    store::Database database{folder / "a.sqlite", store::OpenMode::Create};
    store::RunStore runs{database};
    interchange::ImportedRun first;
    interchange::ImportedRun second;

    Pair() {
        logs::write(folder / "samples_t.jsonl",
                    logs::choice_object(0) + logs::choice_object(1) + logs::choice_object(2));
        first = interchange::read_lm_eval({.files = {folder / "samples_t.jsonl"}, .model = "one"});
        second = interchange::read_lm_eval({.files = {folder / "samples_t.jsonl"}, .model = "two"});
    }
    store::ItemRow& item(std::size_t index) { return second.tasks.at(0).items.at(index); }
    reports::data::RunDifference differences(double tolerance = 0.001) {
        const store::RunRow one = runs.import_run(first.model, first.plan, first.tasks);
        const store::RunRow two = runs.import_run(second.model, second.plan, second.tasks);
        return results::item_differences(runs, one, two, tolerance);
    }
};

}  // namespace

TEST_SUITE("results.differences") {
    TEST_CASE("two runs with the same items have no differences") {
        Pair pair;
        const reports::data::RunDifference difference = pair.differences(0);
        CHECK(difference.identical());
        REQUIRE(difference.tasks.size() == 1);
        CHECK(difference.tasks[0].compared == 3);
        CHECK(difference.tasks[0].items.empty());
        CHECK(reports::formats::render_terminal(difference).find("3 documents compared, 0 differ") !=
              std::string::npos);
    }

    TEST_CASE("a limit leaves out items but counts them and says how many") {
        Pair pair;
        for (const std::size_t index : {0, 1, 2}) pair.item(index).requests[0].output = "other";
        pair.differences();  // stores the runs
        const store::ReadTransaction one_moment(pair.database);
        const results::ItemDifferences differences(pair.runs, pair.runs.find_run("1"), pair.runs.find_run("2"), 0);
        const auto text = [&](std::size_t most) {
            std::string all;
            reports::formats::write_terminal(differences.summary(), differences.items(most), 100,
                                             [&all](std::string_view part) { all += part; });
            return all;
        };
        const std::string two = text(2);
        CHECK(two.find("3 documents compared, 3 differ") != std::string::npos);
        CHECK(two.find("t document 1\n") != std::string::npos);
        CHECK(two.find("t document 2\n") == std::string::npos);
        CHECK(two.ends_with("\nt: 1 more document with differences\n"));
        CHECK(text(3).find("more document") == std::string::npos);
        CHECK(text(3) == text(1000));
        std::string as_json;
        reports::formats::write_json(differences.summary(), differences.items(1),
                                     [&as_json](std::string_view part) { as_json += part; });
        const json task = json::parse(as_json).at("tasks").at(0);
        CHECK(task.at("different") == 3);
        CHECK(task.at("items").size() == 1);
        CHECK_FALSE(differences.identical());
    }

    TEST_CASE("each kind of difference is found and counted separately") {
        Pair pair;
        pair.item(0).requests[0].context += " ";
        pair.item(0).requests[1].continuation = " Yes";
        pair.item(1).requests[1].logprob -= 0.5;
        pair.item(2).scores[0].value = 0.0;
        const reports::data::RunDifference difference = pair.differences();
        CHECK_FALSE(difference.identical());
        const reports::data::TaskDifference& task = difference.tasks.at(0);
        REQUIRE(task.items.size() == 3);
        CHECK(task.prompts() == 1);
        CHECK(task.continuations() == 1);
        CHECK(task.outputs() == 0);
        CHECK(task.logprobs() == 1);
        CHECK(task.verdicts() == 1);
        CHECK(task.largest_logprob == doctest::Approx(0.5));
        CHECK(task.items[0].requests.at(0).prompt->first == "Q0\nA:");
        CHECK(task.items[0].requests.at(0).prompt->second == "Q0\nA: ");
        CHECK(task.items[0].requests.at(1).position == 1);
        CHECK(task.items[1].requests.at(0).logprob->second == -0.75);
        CHECK(task.items[2].verdicts.at("acc").first == 1.0);
        CHECK(task.items[2].verdicts.at("acc").second == 0.0);
        const std::string text = reports::formats::render_terminal(difference);
        CHECK(text.find("t document 0\n    prompt of request 0, from byte 5\n      first:  \"Q0\\nA:\"\n      second: "
                        "\"Q0\\nA: \"\n") != std::string::npos);
        CHECK(text.find("log-probability of request 1: -0.25 | -0.75 (-0.5)") != std::string::npos);
        CHECK(text.find("    acc: 1 | 0\n") != std::string::npos);
        const json parsed = json::parse(reports::formats::render_json(difference));
        CHECK(parsed.at("identical") == false);
        CHECK(parsed.at("tasks").at(0).at("counts") ==
              json::parse(R"({"prompt": 1, "continuation": 1, "output": 0, "logprob": 1, "verdict": 1})"));
        CHECK(parsed.at("tasks").at(0).at("items").at(1).at("requests").at(0).at("logprob").at("second") == -0.75);
    }

    TEST_CASE("log-probabilities within the tolerance are the same and equal infinities too") {
        Pair pair;
        pair.item(0).requests[0].logprob -= 0.0625;
        CHECK(pair.differences(0.0625).identical());
        Pair closer;
        closer.item(0).requests[0].logprob -= 0.0625;
        CHECK_FALSE(closer.differences(0.0624).identical());
        constexpr double kInfinity = std::numeric_limits<double>::infinity();
        Pair infinite;
        infinite.first.tasks[0].items[0].requests[0].logprob = -kInfinity;
        infinite.item(0).requests[0].logprob = -kInfinity;
        infinite.item(1).requests[0].logprob = -kInfinity;
        const reports::data::RunDifference difference = infinite.differences(1e300);
        REQUIRE(difference.tasks.at(0).items.size() == 1);
        CHECK(difference.tasks[0].items[0].doc == 1);
    }

    TEST_CASE("documents and requests and scores that one run lacks are reported") {
        Pair pair;
        pair.second.tasks[0].items.erase(pair.second.tasks[0].items.begin());
        pair.item(0).requests.pop_back();
        pair.item(1).scores[0].value.reset();
        pair.second.tasks.push_back(pair.second.tasks[0]);
        pair.second.tasks[1].task.task = "u";
        const reports::data::RunDifference difference = pair.differences();
        const reports::data::TaskDifference& task = difference.tasks.at(0);
        CHECK(task.only_first == std::vector<std::uint64_t>{0});
        CHECK(task.compared == 2);
        REQUIRE(task.items.size() == 2);
        REQUIRE(task.items[0].requests.size() == 1);
        CHECK(task.items[0].requests[0].continuation->first == " yes");
        CHECK_FALSE(task.items[0].requests[0].continuation->second.has_value());
        CHECK(task.items[1].verdicts.at("acc").first == 1.0);
        CHECK_FALSE(task.items[1].verdicts.at("acc").second.has_value());
        CHECK(difference.only_second == std::vector<std::string>{"u"});
        const std::string text = reports::formats::render_terminal(difference);
        CHECK(text.find("only in run 1: 1 document, number 0") != std::string::npos);
        CHECK(text.find("second: none") != std::string::npos);
        CHECK(text.find("acc: 1 | unscored") != std::string::npos);
        CHECK(text.find("u: only in run 2") != std::string::npos);
    }

    TEST_CASE("a metric of only one run is named once and not for every item") {
        Pair pair;
        for (store::ItemRow& item : pair.second.tasks[0].items) item.scores.pop_back();
        const reports::data::RunDifference difference = pair.differences();
        CHECK(difference.identical());
        CHECK(difference.tasks.at(0).unshared_metrics == std::vector<std::string>{"acc_norm"});
    }

    TEST_CASE("hostile texts are shown without control characters and shortened between characters") {
        Pair pair;
        std::string umlauts;
        for (int i = 0; i < 40; ++i) umlauts += "\xC3\xA4";
        pair.first.tasks[0].items[0].requests[0].output = umlauts + "x\x1b[2J";
        pair.item(0).requests[0].output = umlauts + "y";
        const std::string text = reports::formats::render_terminal(pair.differences());
        CHECK(text.find("x\\u{1B}[2J") != std::string::npos);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find("from byte 80") != std::string::npos);
        CHECK(text.find("...\"\xC3\xA4") != std::string::npos);
    }
}
