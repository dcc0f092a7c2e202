#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "suites/catalog.hpp"
#include "suites/data/embedded.hpp"
#include "suites/published.hpp"
#include "suites/task.hpp"
#include "tests/suites/helpers.hpp"

namespace {

using suites::PublishedMark;
using suites::PublishedValue;

const std::vector<std::string> kSizes = {"mpt-7b",     "mpt-30b",     "falcon-7b",   "falcon-40b",
                                         "llama-1-7b", "llama-1-13b", "llama-1-33b", "llama-1-65b",
                                         "llama-2-7b", "llama-2-13b", "llama-2-34b", "llama-2-70b"};

/// The cell of one table; if a task has several, the one with this number of few-shot examples and this metric.
const PublishedValue& cell(const std::string& model, const std::string& table, const std::string& task, int shots = -1,
                           const std::string& metric = "") {
    for (const PublishedValue& one : suites::published_values()) {
        if (one.source.find("2307.09288") == std::string::npos) continue;
        const bool same_shots = shots < 0 || one.shots == static_cast<std::uint32_t>(shots);
        const bool same_metric = metric.empty() || one.metric == metric;
        if (one.model == model && one.table == table && one.task == task && same_shots && same_metric) return one;
    }
    FAIL("no cell " << model << " " << table << " " << task);
    return suites::published_values().front();
}

/// As printed, in percent.
double printed(const std::string& model, const std::string& table, const std::string& task, int shots = -1,
               const std::string& metric = "") {
    return cell(model, table, task, shots, metric).value * 100;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

/// Numbers with one decimal: the mean is rounded once, and so is each number in it.
bool agrees(double stated, double derived) {
    return std::abs(stated - derived) <= 0.1 + 1e-9;
}

std::string message_of(const std::string& model, const std::string& task) {
    try {
        suites::published_for(model, task);
    } catch (const suites::SuiteError& error) {
        return error.what();
    }
    return "found";
}

}  // namespace

TEST_SUITE("suites.published") {
    TEST_CASE("table 3 is the mean of the benchmarks it names except where it is marked") {
        std::set<std::string> wrong;
        const auto check = [&wrong](const std::string& model, const std::string& group, double derived) {
            const PublishedValue& stated = cell(model, "3", group);
            if (agrees(stated.value * 100, derived)) {
                CHECK(stated.mark != PublishedMark::Error);
                return;
            }
            wrong.insert(model + " " + group);
            CHECK(stated.mark == PublishedMark::Error);
            REQUIRE(stated.corrected);
            CHECK(agrees(*stated.corrected * 100, derived));
        };
        for (const std::string& model : kSizes) {
            CAPTURE(model);
            check(model, "code",
                  mean({printed(model, "21", "humaneval", 0, "pass@1"), printed(model, "21", "mbpp", 3, "pass@1")}));
            std::vector<double> commonsense;
            for (const char* task : {"piqa", "siqa", "hellaswag", "winogrande", "arc_easy", "arc_challenge",
                                     "openbookqa", "commonsenseqa"}) {
                commonsense.push_back(printed(model, "20", task));
            }
            check(model, "commonsense", mean(commonsense));
            check(model, "world_knowledge",
                  mean({printed(model, "22", "nq_open", 5), printed(model, "22", "triviaqa", 5)}));
            check(model, "reading",
                  mean({printed(model, "23", "squadv2", 0), printed(model, "23", "quac", 0),
                        printed(model, "20", "boolq")}));
            check(model, "math", mean({printed(model, "25", "gsm8k"), printed(model, "25", "minerva_math")}));
        }
        CHECK(wrong == std::set<std::string>{"llama-2-13b math", "llama-2-7b math"});
    }

    TEST_CASE("the AGIEval average is weighted by questions except in the row with the copied cell") {
        // Questions of each part, from the data set's own repository.
        const std::map<std::string, double> questions = {{"aqua_rat", 254},
                                                         {"logiqa_en", 651},
                                                         {"lsat_ar", 230},
                                                         {"lsat_lr", 510},
                                                         {"lsat_rc", 269},
                                                         {"sat_en", 206},
                                                         {"sat_en_without_passage", 206},
                                                         {"sat_math", 220}};
        std::set<std::string> wrong;
        for (const std::string& model : kSizes) {
            CAPTURE(model);
            double sum = 0;
            double count = 0;
            double corrected = 0;
            for (const auto& [part, number] : questions) {
                const PublishedValue& one = cell(model, "24", "agieval_" + part);
                sum += number * one.value * 100;
                corrected += number * one.corrected.value_or(one.value) * 100;
                count += number;
            }
            const double average = printed(model, "24", "agieval");
            CHECK(average == doctest::Approx(printed(model, "3", "agieval")));
            if (!agrees(average, sum / count)) wrong.insert(model);
            CHECK(agrees(average, corrected / count));
        }
        CHECK(wrong == std::set<std::string>{"falcon-40b"});
        CHECK(cell("falcon-40b", "24", "agieval_sat_en_without_passage").mark == PublishedMark::Error);
        CHECK(printed("falcon-40b", "24", "agieval_sat_en_without_passage") ==
              printed("falcon-40b", "24", "agieval_sat_en"));
    }

    TEST_CASE("the ToxiGen score is the plain mean of its thirteen groups") {
        std::size_t models = 0;
        for (const PublishedValue& whole : suites::published_values()) {
            if (whole.task != "toxigen_generation") continue;
            std::vector<double> groups;
            for (const PublishedValue& part : suites::published_values()) {
                if (part.model == whole.model && part.table == "45") groups.push_back(part.value * 100);
            }
            CAPTURE(whole.model);
            CHECK(groups.size() == 13);
            CHECK(std::abs(mean(groups) - whole.value * 100) <= 0.0101);
            ++models;
        }
        CHECK(models == 19);
    }

    TEST_CASE("a number printed in several tables is the same in all of them") {
        for (const std::string& model : kSizes) {
            CAPTURE(model);
            CHECK(printed(model, "3", "mmlu") == printed(model, "19", "mmlu"));
            CHECK(printed(model, "3", "mmlu") == printed(model, "20", "mmlu"));
        }
        const std::string big = "llama-2-70b";
        CHECK(printed(big, "4", "mmlu") == printed(big, "19", "mmlu"));
        CHECK(printed(big, "4", "triviaqa") == printed(big, "22", "triviaqa", 1));
        CHECK(printed(big, "4", "nq_open") == printed(big, "22", "nq_open", 1));
        CHECK(printed(big, "4", "gsm8k") == printed(big, "25", "gsm8k"));
        CHECK(printed(big, "4", "humaneval") == printed(big, "21", "humaneval", 0, "pass@1"));
        CHECK(printed(big, "4", "bbh") == printed(big, "3", "bbh"));
    }

    TEST_CASE("MMLU is 0.1 to 0.2 below the weighted mean of its groups for Llama 2 and has a remark") {
        // Questions of the four groups in the test split, 14042 in all.
        const std::map<std::string, double> questions = {
            {"humanities", 4705}, {"stem", 3153}, {"social_sciences", 3077}, {"other", 3107}};
        for (const std::string size : {"7b", "13b", "34b", "70b"}) {
            const std::string model = "llama-2-" + size;
            double sum = 0;
            for (const auto& [group, number] : questions) sum += number * printed(model, "19", "mmlu_" + group);
            const double gap = sum / 14042 - printed(model, "19", "mmlu");
            CAPTURE(model);
            CHECK(gap > 0.0);
            CHECK(gap < 0.25);
            CHECK(cell(model, "19", "mmlu").mark == PublishedMark::Note);
        }
    }

    TEST_CASE("the errors of the paper are exactly these three cells") {
        std::set<std::string> marked;
        for (const PublishedValue& one : suites::published_values()) {
            if (one.mark == PublishedMark::Error) marked.insert(one.table + " " + one.model + " " + one.task);
            if (one.mark != PublishedMark::None) CHECK_FALSE(one.remark.empty());
        }
        CHECK(marked == std::set<std::string>{"24 falcon-40b agieval_sat_en_without_passage", "3 llama-2-13b math",
                                              "3 llama-2-7b math"});
    }

    TEST_CASE("a model and a task are looked up in the harness's own units") {
        const auto found = suites::published_for("Llama-2-7B", "arc_challenge");
        REQUIRE(found.size() == 3);
        CHECK(found[0].value == doctest::Approx(0.459));
        CHECK(found[0].profile == "llama2-paper");
        CHECK(found[0].shots == 0U);
        CHECK(found[0].table == "20");
        CHECK(found[1].value == doctest::Approx(0.4352));
        CHECK(found[1].profile == "lmeval-legacy-nobos");
        CHECK(found[2].metric == "acc_norm");
        CHECK(suites::published_for("llama-2-7b-chat", "truthfulqa_gen").size() == 3);
        CHECK(suites::published_for("gpt-4", "piqa").empty());
        CHECK(suites::published_for("llama-2-7b", "wikitext").at(0).value == doctest::Approx(8.7921));
    }

    TEST_CASE("tasks and groups of the paper's profile have their published numbers") {
        const suites::Catalog& catalog = suites_test::catalog();
        for (const char* task : {"paper_piqa", "paper_siqa", "paper_hellaswag", "paper_winogrande", "paper_arc_easy",
                                 "paper_arc_challenge", "paper_openbookqa", "paper_commonsenseqa", "paper_boolq",
                                 "paper_nq_open", "paper_triviaqa", "paper_squadv2", "paper_quac", "paper_gsm8k"}) {
            CAPTURE(std::string(task));
            REQUIRE(catalog.find(task) != nullptr);
            CHECK(suites::published_for("llama-2-70b", task).front().profile == catalog.find(task)->profile());
        }
        // By many samples of each problem.
        for (const auto& row : {std::pair{"paper_humaneval_100", "pass@100"}, std::pair{"paper_mbpp_80", "pass@80"}}) {
            const char* task = row.first;
            const std::string metric = row.second;
            CAPTURE(std::string(task));
            REQUIRE(catalog.find(task) != nullptr);
            const auto cells = suites::published_for("llama-2-70b", task);
            CHECK(std::any_of(cells.begin(), cells.end(), [&metric](const PublishedValue& cell) {
                return cell.metric == metric && cell.profile == "llama2-paper";
            }));
        }
        for (const char* group :
             {"paper_commonsense", "paper_world_knowledge", "paper_reading", "paper_math", "paper_mmlu",
              "paper_mmlu_stem", "paper_mmlu_humanities", "paper_mmlu_social_sciences", "paper_mmlu_other"}) {
            CAPTURE(std::string(group));
            CHECK(catalog.groups().contains(group));
            CHECK(suites::published_for("llama-2-70b", group).front().profile == "llama2-paper");
        }
    }

    TEST_CASE("an unknown name gives the nearest ones") {
        CHECK(message_of("lama-2-7b", "mmlu").find("did you mean \"llama-2-7b\"") != std::string::npos);
        CHECK(message_of("llama-2-7b", "helaswag").find("did you mean \"hellaswag\"") != std::string::npos);
        CHECK(message_of("something quite different", "mmlu").find("'something quite different'; known:") !=
              std::string::npos);
        CHECK(message_of("", "mmlu").find("published numbers for the model ''") != std::string::npos);
    }

    TEST_CASE("every table is well formed") {
        std::set<std::string> seen;
        for (const PublishedValue& one : suites::published_values()) {
            const std::string key = one.source + "|" + one.table + "|" + one.profile + "|" + one.model + "|" +
                                    one.task + "|" + one.metric + "|" + (one.shots ? std::to_string(*one.shots) : "");
            CAPTURE(key);
            CHECK(seen.insert(key).second);
            if (one.percent) CHECK((one.value >= 0 && one.value <= 1));
            CHECK_FALSE(one.source.empty());
        }
        for (const suites::EmbeddedFile& file : suites::data::published_files()) {
            const nlohmann::json parsed = nlohmann::json::parse(file.content);
            for (const auto& table : parsed.at("tables")) {
                for (const auto& [model, row] : table.at("rows").items())
                    CHECK(row.size() == table.at("columns").size());
            }
            for (const auto& remark : parsed.at("remarks")) {
                bool used = false;
                for (const PublishedValue& one : suites::published_values())
                    used = used || one.remark.find(remark.at("note")) != std::string::npos;
                CAPTURE(remark.at("note").get<std::string>());
                CHECK(used);
            }
        }
    }
}
