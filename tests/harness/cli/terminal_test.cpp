#include <doctest/doctest.h>

#include <sstream>

#include "tests/harness/cli/call.hpp"

namespace {

/// Columns of the longest line; a character of several bytes is one.
std::size_t longest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);) {
        std::size_t columns = 0;
        for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U && c != '\r' ? 1 : 0;
        longest = std::max(longest, columns);
    }
    return longest;
}

const std::vector<std::vector<std::string>> kVerbs = {{},
                                                      {"demo"},
                                                      {"devices"},
                                                      {"inspect"},
                                                      {"tokenize"},
                                                      {"generate"},
                                                      {"score"},
                                                      {"perplexity"},
                                                      {"bench"},
                                                      {"ladder"},
                                                      {"suites"},
                                                      {"run"},
                                                      {"rescore"},
                                                      {"runs"},
                                                      {"show"},
                                                      {"compare"},
                                                      {"report"},
                                                      {"export"},
                                                      {"import"},
                                                      {"merge"},
                                                      {"suites", "list"},
                                                      {"suites", "show"},
                                                      {"suites", "fetch"},
                                                      {"suites", "check"},
                                                      {"suites", "render"},
                                                      {"baseline"},
                                                      {"gate"},
                                                      {"schema"},
                                                      {"judge", "eval"},
                                                      {"judge", "compare"},
                                                      {"reward", "train"},
                                                      {"reward", "eval"},
                                                      {"reward", "distil"},
                                                      {"reward", "list"},
                                                      {"reward", "export"},
                                                      {"reward", "import"},
                                                      {"rate", "plan"},
                                                      {"rate", "open-study"},
                                                      {"rate", "invite"},
                                                      {"rate", "serve"},
                                                      {"rate", "status"},
                                                      {"rate", "export"},
                                                      {"rate", "import"}};

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("help fits the width of the terminal") {
        for (std::vector<std::string> call : kVerbs) {
            call.emplace_back("--help");
            std::string shown;
            for (const std::string& word : call) shown += word + " ";
            CAPTURE(shown);
            for (const std::uint16_t columns : std::vector<std::uint16_t>{40, 80, 200}) {
                const Result help = Call(call).with("TERM", "xterm").with("NO_COLOR", "1").run_on_terminal(columns);
                CHECK(help.code == 0);
                CHECK(longest_line(help.out) <= std::min<std::size_t>(columns, 100));
                CHECK(help.out.find("--help") != std::string::npos);
            }
            CHECK(longest_line(Call(call).run().out) <= 100);
        }
    }

    TEST_CASE("an example can be typed as the narrowest help shows it") {
        const auto examples = [](const std::vector<std::string>& call, const char* columns) {
            const std::string help = Call(call).with("COLUMNS", columns).run().out;
            std::string text;
            std::istringstream lines(help.substr(help.find("Examples:")));
            for (std::string line; std::getline(lines, line) && !line.empty();) text += line + "\n";
            for (std::size_t at = 0; (at = text.find(" \\\n    ")) != std::string::npos;) text.replace(at, 7, " ");
            return text;
        };
        for (std::vector<std::string> call : kVerbs) {
            if (call.empty() || call[0] == "suites") continue;
            call.emplace_back("--help");
            CAPTURE(call[0]);
            CHECK(examples(call, "40") == examples(call, "200"));
        }
    }

    TEST_CASE("a table that would not fit names the run above it") {
        const Temporary folder;
        REQUIRE(Call({"run", "--model", "demo:base", "--suite", "demo", "--limit", "2"}).in(folder.path()).run().code ==
                0);
        const std::string narrow = Call({"show", "1"}).in(folder.path()).with("COLUMNS", "80").run().out;
        CHECK(narrow.starts_with("run: demo:base (run 1)\ntask "));
        CHECK(Call({"show", "1"}).in(folder.path()).with("COLUMNS", "200").run().out.starts_with("task "));
    }

    TEST_CASE("tables fit the width of the terminal") {
        const Temporary folder;
        for (const char* model : {"demo:helpful", "demo:chat"}) {
            REQUIRE(Call({"run", "--model", model, "--suite", "demo", "--limit", "2"}).in(folder.path()).run().code ==
                    0);
        }
        for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{
                 {"runs"},
                 {"show", "1"},
                 {"show", "1", "--plan"},
                 {"compare", "1", "2"},
                 {"compare", "1", "2", "--items"},
                 {"devices"},
                 {"inspect", "demo:base"},
                 {"inspect", "demo:base", "--tensors"},
                 {"score", "demo:base", "--context", "Hello", "--continuation", " friend"},
                 {"suites", "list"},
                 {"suites", "list", "mmlu"},
                 {"suites", "show", "mmlu"}}) {
            CAPTURE(call[0]);
            for (const std::uint16_t columns : std::vector<std::uint16_t>{40, 80, 100, 200}) {
                const Result shown =
                    Call(call).in(folder.path()).with("TERM", "xterm").with("NO_COLOR", "1").run_on_terminal(columns);
                CHECK(shown.code == 0);
                CHECK(longest_line(shown.out) <= columns);
            }
            CHECK(longest_line(Call(call).in(folder.path()).with("COLUMNS", "60").run().out) <= 60);
        }
    }

    TEST_CASE("colours are used only if the terminal supports and the user wants them") {
        const std::vector<std::string> call = {"run", "--help"};
        CHECK(Call(call).with("TERM", "xterm").run_on_terminal(80).out.find('\033') != std::string::npos);
        CHECK(Call(call).with("TERM", "xterm").with("NO_COLOR", "1").run_on_terminal(80).out.find('\033') ==
              std::string::npos);
        CHECK(Call(call).with("TERM", "dumb").run_on_terminal(80).out.find('\033') == std::string::npos);
        CHECK(Call(call).run_on_terminal(80).out.find('\033') == std::string::npos);
        CHECK(Call(call).with("TERM", "xterm").run().out.find('\033') == std::string::npos);
    }

    TEST_CASE("progress is one redrawn line on a terminal and plain lines on others") {
        const Temporary folder;
        const std::vector<std::string> call = {"run", "--model", "demo:base", "--suite", "demo", "--limit", "3"};
        const std::string drawn =
            Call(call).in(folder.path()).with("TERM", "xterm").with("NO_COLOR", "1").run_on_terminal(40).out;
        CHECK(drawn.find("opening the model") != std::string::npos);
        std::istringstream redraws(drawn.substr(0, drawn.find("task")));
        for (std::string redraw; std::getline(redraws, redraw, '\r');) {
            const std::size_t start = redraw.starts_with("\033[K") ? 3 : 0;
            CAPTURE(redraw);
            CHECK(longest_line(redraw.substr(start)) < 40);
        }
        const Temporary other;
        const std::string plain = Call(call).in(other.path()).with("TERM", "dumb").run_on_terminal(40).out;
        CHECK(plain.find('\033') == std::string::npos);
        CHECK(plain.find("\r\r") == std::string::npos);
        CHECK(plain.find("12/12 items") != std::string::npos);
    }

    TEST_CASE("the list of tasks folds families and takes filters") {
        const std::string all = Call({"suites", "list"}).run().out;
        CHECK(longest_line(all) <= 100);
        CHECK(all.find("mmlu_* (57 tasks)") != std::string::npos);
        CHECK(all.find("mmlu_anatomy ") == std::string::npos);
        CHECK(all.find("arc_easy") != std::string::npos);
        CHECK(std::count(all.begin(), all.end(), '\n') < 150);
        CHECK(all.find("\nmmlu ") != std::string::npos);  // the group has its own line
        const std::string each = Call({"suites", "list", "--all"}).run().out;
        CHECK(each.find("mmlu_anatomy ") != std::string::npos);
        CHECK(each.find("paper_bold_american_actors ") != std::string::npos);
        const std::string mmlu = Call({"suites", "list", "mmlu"}).run().out;
        CHECK(mmlu.find("mmlu_anatomy") != std::string::npos);
        CHECK(mmlu.find("arc_easy") == std::string::npos);
        CHECK(Call({"suites", "list", "MMLU", "anatomy"}).run().out.find("mmlu_virology") == std::string::npos);
        CHECK(Call({"suites", "list", "no such thing"}).run().code == 2);
    }

    TEST_CASE("runs lists groups instead of their tasks") {
        const Temporary folder;
        REQUIRE(Call({"run", "--model", "demo:base", "--suite", "demo", "--limit", "1"}).in(folder.path()).run().code ==
                0);
        const std::string runs = Call({"runs"}).in(folder.path()).run().out;
        CHECK(runs.find("demo (4 tasks)") != std::string::npos);
        CHECK(runs.find("demo_facts") == std::string::npos);
    }
}
