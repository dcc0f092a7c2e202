#include "reports/sections/table.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <limits>

#include "reports/formats/render.hpp"
#include "reports/formats/table_text.hpp"
#include "reports/text/plain_text.hpp"
#include "tests/reports/samples.hpp"
#include "tests/support/text.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports::sections;
using namespace reports::text;
using namespace reports_test;

namespace {

Table sample(const std::vector<std::vector<std::string>>& rows) {
    return {.heading = "Numbers",
            .caption = "Some.",
            .titles = {"name", "n"},
            .columns = {Column::Key, Column::Number},
            .rows = rows,
            .run_of_row = std::vector<std::size_t>(rows.size(), 0)};
}

std::vector<RunView> runs_with_hostile_names() {
    const std::string name = "\xE2\x80\xAE\x1B[2J|`\n" + kHostile;
    const TaskView view = task(name, {metric(kHostile, marks("1100"))});
    TaskView other = task(name, {metric(kHostile, marks("0110"))});
    return {run(1, name, {view}), run(2, name, {other, task("only\nhere", {metric("x", marks("1"))})})};
}

}  // namespace

TEST_SUITE("reports.table") {
    TEST_CASE("a terminal table aligns numbers to the right and measures wide characters") {
        CHECK(terminal_table(sample({{"ab", "1"}, {"\xE6\xBC\xA2\xE5\xAD\x97", "22"}, {"\xC3\xA9", "333"}})) ==
              "name    n\n"
              "ab      1\n"
              "\xE6\xBC\xA2\xE5\xAD\x97   22\n"
              "\xC3\xA9     333\n");
    }

    TEST_CASE("a Markdown table aligns numbers and escapes pipes") {
        CHECK(markdown_table(sample({{"a|b", "1"}})) ==
              "| name | n |\n"
              "|---|---:|\n"
              "| a\\|b | 1 |\n");
    }

    TEST_CASE("hostile cells stay in their row and column") {
        const std::vector<std::string> terminal =
            lines_of(terminal_table(sample({{kHostile, "1"}, {"a\nb\x1B[2J", "2"}})));
        REQUIRE(terminal.size() == 3);
        for (const std::string& line : terminal) CHECK(display_width(line) == display_width(terminal[0]));
        CHECK(terminal[2].find("a\\u{A}b\\u{1B}[2J") == 0);
        CHECK(lines_of(markdown_table(sample({{kHostile, "1"}, {"a\nb", "2"}}))).size() == 4);
    }

    TEST_CASE("a terminal report of hostile names has no control and direction characters") {
        const std::string text = render_terminal({runs_with_hostile_names()});
        CHECK(visible(text, Lines::Keep) == text);
        CHECK(text.find("\\u{202E}") != std::string::npos);
        CHECK(text.find("only\\u{A}here") != std::string::npos);
    }

    TEST_CASE("a Markdown report of hostile names is a report of plain text") {
        const std::string text = render_markdown({runs_with_hostile_names()});
        CHECK(visible(text, Lines::Keep) == text);
        for (std::size_t at = text.find_first_of("<`["); at != std::string::npos;
             at = text.find_first_of("<`[", at + 1)) {
            REQUIRE(text[at - 1] == '\\');
        }
        // Every row of a table has the pipes of its head.
        std::size_t pipes = 0;
        for (const std::string& line : lines_of(text)) {
            if (line.empty() || line[0] != '|') {
                pipes = 0;
                continue;
            }
            std::size_t count = 0;
            for (std::size_t i = 0; i < line.size(); ++i)
                count += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
            if (pipes == 0) pipes = count;
            CHECK(count == pipes);
        }
    }

    TEST_CASE("reports show values and intervals and verdicts and tasks that are left out") {
        const std::vector<RunView> runs = {
            run(1, "a", {task("arc", {metric("acc", marks("1111111100"), 0.1333)})}),
            run(2, "b",
                {task("arc", {metric("acc", marks("1111111100"))}), task("extra", {metric("acc", marks("1"))})})};
        const std::string terminal = render_terminal({runs});
        CHECK(terminal.find("0.8000      0.1333  0.4902 to 0.9433  10") != std::string::npos);
        CHECK(terminal.find("not significant (minimum detectable difference 23.3 points)") !=
              std::string::npos);  // 2.8016 / 12
        CHECK(terminal.find("only b (run 2) has this task") != std::string::npos);
        const std::string markdown = render_markdown({runs});
        CHECK(markdown.find("| arc | acc | higher | a (run 1) | 0.8000 | 0.1333 | 0.4902 to 0.9433 | 10 | 0 |") !=
              std::string::npos);
        CHECK(markdown.find("## Not compared") != std::string::npos);
        CHECK(render_terminal({{runs[0]}}).find("Paired") == std::string::npos);
    }

    TEST_CASE("reports show groups and counters with the runs next to each other") {
        std::vector<RunView> runs = {run(1, "a", {task("arc", {metric("acc", marks("10"))})}),
                                     run(2, "b", {task("arc", {metric("acc", marks("11"))})})};
        CHECK(render_terminal({runs}).find("Groups") == std::string::npos);
        CHECK(render_terminal({runs}).find("Counted") == std::string::npos);
        for (RunView& one : runs) {
            one.groups = {{"alpha", "lmeval", "documents", 0.5, 0.1, Interval{0.304, 0.696}, 2, {}},
                          {"second", "lmeval", "members", 0.25, 0.1, std::nullopt, 2, {"gsm8k"}}};
            one.tasks[0].counters = {{"empty_output", 1}, {"length_limited", 0}};
        }
        const std::string terminal = render_terminal({runs});
        CHECK(terminal.find("0.5000      0.1000  0.3040 to 0.6960") != std::string::npos);
        CHECK(terminal.find("length_limited") == std::string::npos);  // none
        CHECK(terminal.find("second") > terminal.rfind("alpha"));     // both runs' numbers of a group together
        const std::string markdown = render_markdown({runs});
        CHECK(markdown.find("| second | members | a (run 1) | 0.2500 | 0.1000 | – | 2 | gsm8k |") != std::string::npos);
        CHECK(markdown.find("| arc | empty\\_output | b (run 2) | 1 | 2 |") != std::string::npos);
        CHECK(render_html({runs}).find("Counted apart from wrong answers") != std::string::npos);
    }

    TEST_CASE("an unfinished run and its share of a task are named") {
        RunView part = run(1, "a", {task("arc", {metric("acc", marks("10"))})});
        part.complete = false;
        part.tasks[0].planned = 2376;
        const std::string text = render_terminal({{part}});
        CHECK(text.find("a (run 1, unfinished)") != std::string::npos);
        CHECK(text.find("2 of 2376") != std::string::npos);
    }

    TEST_CASE("no report prints NaN") {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        MetricValues broken = metric("acc", marks("--"), nan);
        broken.value = nan;
        const std::vector<RunView> runs = {run(1, "a", {task("t", {broken}), task("empty", {})}),
                                           run(2, "b", {task("t", {broken, metric("one", {0.5}, -nan)})})};
        for (const std::string& text :
             {render_terminal({runs}), render_markdown({runs}), render_json({runs}), render_html({runs})}) {
            CHECK_FALSE(RE2::PartialMatch(text, "\\bnan\\b"));  // "Provenance" holds these letters
            CHECK(text.find("inf ") == std::string::npos);
        }
        CHECK(render_terminal(Report{}).find("task") == 0);
    }

    TEST_CASE("a terminal's width wraps text columns but not numbers") {
        Table table = sample({{"a_long_name_of_a_task and what it is", "1.2345"}, {"short", "22"}});
        CHECK(terminal_table(table, 24) ==
              "name                   n\n"
              "a_long_name_of_   1.2345\n"
              "a_task and what\n"
              "it is\n"
              "short                 22\n");
    }

    TEST_CASE("a terminal too narrow for the columns has a block for each row") {
        const std::vector<RunView> runs = {run(1, "a", {task("arc", {metric("acc", marks("1111111100"), 0.1333)})})};
        const std::string text = render_terminal({runs}, 40);
        for (const std::string& line : lines_of(text)) CHECK(display_width(line) <= 40);
        CHECK(text.find("arc, acc, higher\n  run: a (run 1)\n  value: 0.8000\n") != std::string::npos);
        CHECK(text.find("  95 % interval: 0.4902 to 0.9433\n") != std::string::npos);
    }

    TEST_CASE("every line fits into the terminal whatever the names are") {
        for (const std::size_t width : {20U, 40U, 60U, 80U, 100U, 120U}) {
            CAPTURE(width);
            for (const std::string& line : lines_of(render_terminal({runs_with_hostile_names()}, width)))
                CHECK(display_width(line) <= width);
        }
    }

    TEST_CASE("errors are shown with their reasons and counts") {
        RunView failed = run(1, "a", {task("arc", {metric("acc", marks("10"))})});
        failed.tasks[0].errors = 3;
        failed.tasks[0].reasons = {
            {"the prompt is 3 to 17 tokens too long; --cut-questions asks it all the same", 2, 4},
            {"out of memory", 1, 7}};
        for (const std::string& text : {render_terminal({{failed}}), render_html({{failed}})}) {
            CHECK(text.find("Errors") != std::string::npos);
            CHECK(text.find("3 to 17 tokens too long; --cut-questions asks it all the same") != std::string::npos);
            CHECK(text.find("out of memory") != std::string::npos);
        }
        CHECK(render_markdown({{failed}}).find("| arc | a (run 1) | 2 | 4 | the prompt") != std::string::npos);
    }
}
