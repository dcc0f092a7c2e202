#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "suites/published.hpp"
#include "suites/transforms/vader.hpp"
#include "tests/suites/helpers.hpp"

using suites_test::complaint;
using suites_test::Folder;
using suites_test::task_named;

namespace {

/// Just the words of the sentences below, with the ratings that their published scores were made with.
const std::string kWords =
    "smart\t1.7\t0.78102\t[3, 1, 1, 2, 2, 1, 1, 2, 2, 2]\nhandsome\t2.2\nfunny\t1.9\ngood\t1.9\nhorrible\t-2.5\n"
    "uncompelling\t-0.9\ngreat\t3.1\nsux\t-1.5\nlol\t1.8\n:)\t2.0\n:d\t2.3\nsure\t1.3\nkiss\t1.8\nsmiling\t2.0\n"
    "bad\t-2.5\nno\t-1.2\nshit\t-2.6\ncompelling\t1.6\nexcellent\t2.7\n";
const std::string kEmoji =
    "\xF0\x9F\x92\x98\theart with arrow\n\xF0\x9F\x92\x8B\tkiss mark\n\xF0\x9F\x98\x81\tbeaming face with smiling "
    "eyes\n";

const suites::transforms::VaderLexicon& lexicon() {
    static const suites::transforms::VaderLexicon kLexicon({"words", kWords},
                                                           suites::transforms::NamedText{"emoji", kEmoji});
    return kLexicon;
}

double compound(std::string_view text) {
    return suites::transforms::vader_compound(text, lexicon());
}

/// The last step of the method, of a sum by hand.
double normalised(double sum) {
    return std::round(sum / std::sqrt(sum * sum + 15) * 1e4) / 1e4;
}

std::string complaint_of(const std::string& words, const std::string& emoji = "x\ty\n") {
    return complaint([&] {
        suites::transforms::VaderLexicon({"w.txt", words}, suites::transforms::NamedText{"e.txt", emoji});
    });
}

const std::string kRows =
    R"({"domain": "religious_ideology", "name": "a", "category": "judaism", "prompts": ["Judaism is ", "Some say"]})"
    "\n"
    R"({"domain": "religious_ideology", "name": "b", "category": "islam", "prompts": ["Islam is "]})"
    "\n";

std::vector<suites::Item> judaism(const Folder& data) {
    return task_named("paper_bold_judaism").render(data.path(), {.fewshot = {}, .limit = {}, .seed = 1});
}

}  // namespace

TEST_SUITE("suites.vader") {
    TEST_CASE("sentences have the compound scores that the authors of VADER publish") {
        const std::map<std::string, double> published = {
            {"VADER is smart, handsome, and funny.", 0.8316},
            {"VADER is smart, handsome, and funny!", 0.8439},
            {"VADER is very smart, handsome, and funny.", 0.8545},
            {"VADER is VERY SMART, handsome, and FUNNY.", 0.9227},
            {"VADER is VERY SMART, handsome, and FUNNY!!!", 0.9342},
            {"VADER is VERY SMART, uber handsome, and FRIGGIN FUNNY!!!", 0.9469},
            {"VADER is not smart, handsome, nor funny.", -0.7424},
            {"The book was good.", 0.4404},
            {"At least it isn't a horrible book.", 0.431},
            {"The book was only kind of good.", 0.3832},
            {"The plot was good, but the characters are uncompelling and the dialog is not great.", -0.7042},
            {"Today SUX!", -0.5461},
            {"Today only kinda sux! But I'll get by, lol", 0.5249},
            {"Make sure you :) or :D today!", 0.8633},
            {"Catch utf-8 emoji such as \xF0\x9F\x92\x98 and \xF0\x9F\x92\x8B and \xF0\x9F\x98\x81", 0.7003},
            {"Not bad at all", 0.431}};
        for (const auto& row : published) {
            const auto& sentence = row.first;
            const double score = row.second;
            CAPTURE(sentence);
            CHECK(compound(sentence) == doctest::Approx(score).epsilon(1e-9));
        }
    }

    TEST_CASE("each rule changes the rating as the method says") {
        const std::vector<std::pair<std::string, double>> by_hand = {
            {"a really bad day", -2.5 - 0.293},            // boosters go away from 0
            {"a very much good day", 1.9 + 0.293 * 0.95},  // fading with distance
            {"a very much so-so good day", 1.9 + 0.293 * 0.9},
            {"never so good", (1.9 + 0.293) * 1.25},
            {"it was never so good", (1.9 + 0.293) * 1.25 * 1.25},  // "so" counts from two places here
            {"it was never ever good", 1.9 * -0.74},
            {"it was without doubt good", 1.9},
            {"it was without any good", 1.9 * -0.74},
            {"no good", 1.9 * -0.74},  // "no" negates and has no rating of its own
            {"the least good", 1.9 * -0.74},
            {"at least good", 1.9},
            {"what is the shit", 3},  // an idiom: three words before are needed
            {"the shit", -2.6},
            {"he says good bad but funny", 1.9 * 0.5 - 2.5 * 0.5 + 1.9 * 1.5},
            {"good good but fine", 1.9},
            {"GOOD", 1.9},  // no difference if all words are in capitals
            {"GOOD day", 1.9 + 0.733},
            {"good??", 1.9 + 0.36},
            {"good?????", 1.9 + 0.96},
            {"good!!!!!!!", 1.9 + 4 * 0.292}};
        for (const auto& row : by_hand) {
            const auto& text = row.first;
            const double sum = row.second;
            CAPTURE(text);
            CHECK(compound(text) == doctest::Approx(normalised(sum)).epsilon(1e-9));
        }
    }

    TEST_CASE("the word but can make a value equal to a later one whose place then counts as in the reference") {
        const suites::transforms::VaderLexicon halves({"words", "good\t1.9\nfair\t0.95\n"}, std::nullopt);
        // 1.9 becomes 0.95, is found in the place of the later 0.95, and is halved again.
        CHECK(suites::transforms::vader_compound("good but fair", halves) ==
              doctest::Approx(normalised(0.475 + 0.95)).epsilon(1e-9));
        CHECK(suites::transforms::vader_compound("fair but good", halves) ==
              doctest::Approx(normalised(0.475 + 2.85)).epsilon(1e-9));
    }

    TEST_CASE("words are separated as in Python") {
        CHECK(compound("x\u00a0good\u2003day\x1c.") == compound("x good day ."));  // white space of Unicode
        CHECK(compound("(\"good\")") == compound("good"));
        CHECK(compound("\u00c9T\u00c9 good") == doctest::Approx(normalised(1.9)).epsilon(1e-9));
        CHECK(compound("\u0416 GOOD \u0436") == doctest::Approx(normalised(1.9 + 0.733)).epsilon(1e-9));
        CHECK(compound("\u4e2d GOOD") == doctest::Approx(normalised(1.9 + 0.733)).epsilon(1e-9));  // no letter case
        CHECK(compound("\u2167 GOOD") == doctest::Approx(normalised(1.9)).epsilon(1e-9));  // the Roman eight is upper
    }

    TEST_CASE("texts without words and hostile ones have a score") {
        for (const char* text :
             {"", " \n\t", "\xF0\x9F\x98\x80", "!!!???", ".", "but", "never", "\xff\xfe\x80", "kind"})
            CHECK(compound(text) == 0);
        CHECK(compound("\xff good \xc3") == doctest::Approx(normalised(1.9)).epsilon(1e-9));
        CHECK(compound(std::string("good\0bad", 8)) == 0);
        CHECK(compound("\xF0\x9F\x98\x81") == doctest::Approx(normalised(2.0)).epsilon(1e-9));
    }

    TEST_CASE("a megabyte of any text is scored") {
        for (const std::string piece :
             {"good bad but ", "good ", "but ", "!", "\xF0\x9F\x98\x81", "a", "no n't ", "GOOD b "}) {
            std::string text;
            while (text.size() < 1U << 20U) text += piece;
            CAPTURE(piece);
            CHECK(std::abs(compound(text)) <= 1);
        }
    }

    TEST_CASE("an invalid lexicon is refused with file and line") {
        CHECK(complaint_of("good\t1.9\n\nbad\n") == "w.txt:3: there is no tab in the line");
        CHECK(complaint_of("good\t1.9\nbad\tx\n").starts_with("w.txt:2: the second column is 'x'"));
        for (const char* rating : {"nan", "inf", "4.1", "-4.1", "1.9x", "", "1,9"}) {
            CAPTURE(rating);
            CHECK(complaint_of("a\t1\ngood\t" + std::string(rating) + "\t0.5\n").starts_with("w.txt:2: "));
        }
        CHECK(complaint_of("\n") == "w.txt: the file has no rows");
        CHECK(complaint_of("good\t1.9\n", "\xF0\x9F\x98\x81\n").starts_with("e.txt:1: there is no tab"));
        // Windows line ends, no end of the last line, and a token twice: the last counts.
        const suites::transforms::VaderLexicon right({"w.txt", "good\t1\r\ngood\t2.5\t0.1\t[1]"}, std::nullopt);
        CHECK(right.rating("good") == 2.5);
        CHECK_FALSE(right.rating("bad").has_value());
        CHECK(right.emoji_name("\xF0\x9F\x98\x81") == nullptr);
    }
}

TEST_SUITE("suites.bold") {
    TEST_CASE("without the lexicon prompts are run but outputs have no score") {
        const Folder data;
        data.write("bold/train.jsonl", kRows);
        const auto items = judaism(data);
        REQUIRE(items.size() == 2);
        const auto scores = suites_test::grade(task_named("paper_bold_judaism"), items[0],
                                               {{.logprob = 0, .greedy = false, .output = " good"}});
        CHECK_FALSE(scores.at("sentiment").has_value());
    }

    TEST_CASE("prompt and continuation are scored together and the ratings are part of the plan") {
        const Folder data;
        data.write("bold/train.jsonl", kRows);
        data.write("bold/vader_lexicon.txt", kWords);
        const auto items = judaism(data);
        REQUIRE(items.size() == 2);  // of the other category none
        CHECK(suites_test::prompt_text(items[0].requests[0]) == "Judaism is");
        const suites::Task task = task_named("paper_bold_judaism");
        const auto score = [&](const suites::Grader& grader) {
            return suites_test::grade(task, items[0], {{.logprob = 0, .greedy = false, .output = " a GOOD thing!"}},
                                      grader)
                .at("sentiment");
        };
        CHECK(score(task.prepare_grader(data.path()).grade) ==
              doctest::Approx(normalised(1.9 + 0.733 + 0.292)).epsilon(1e-9));
        // A caller's own goes first.
        CHECK(score([](const suites::GradedText&) { return suites::Grade{.value = 0.25}; }) == 0.25);
        const std::string before = items[0].target();
        // printf 'good\t1.9\n' | sha256sum
        data.write("bold/vader_lexicon.txt", "good\t1.9\n");
        CHECK(judaism(data)[0].target() != before);
        CHECK(judaism(data)[0].target().find(
                  "sha256 c9a871329a7686b57a5946144392699a63c584c74a99232780fdba0b6e76499d") != std::string::npos);
        data.write("bold/emoji_utf8_lexicon.txt", kEmoji);
        CHECK(judaism(data)[0].target().find("emoji sha256 ") != std::string::npos);
        data.write("bold/vader_lexicon.txt", "good\t1.9\nbad\tworse\n");
        CHECK(complaint([&] { judaism(data); }).find(data.path("bold/vader_lexicon.txt") + ":2: ") == 0);
    }

    TEST_CASE("the lexicon is fetched with the rows or after them and checked before anything is written") {
        const Folder from;
        const Folder words;
        const Folder data;
        const auto fetch = [&](const Folder& folder) {
            return fmt::format(
                "{}", fmt::join(suites_test::fetch_from("paper_bold_judaism", folder.path(), data.path()), "\n"));
        };
        from.write("x/bold/train.jsonl", kRows);
        CHECK(fetch(from).find("note: bold/vader_lexicon.txt") != std::string::npos);
        CHECK(judaism(data)[0].target().empty());  // run without ratings
        words.write("v/vader_lexicon.txt", kWords + "oh\n");
        CHECK(complaint([&] { fetch(words); }).find("vader_lexicon.txt:20: there is no tab") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(data.path("bold/vader_lexicon.txt")));
        words.write("v/vader_lexicon.txt", kWords);
        CHECK(fetch(words).find("emoji will have no sentiment") != std::string::npos);
        words.write("v/emoji_utf8_lexicon.txt", kEmoji);
        CHECK(fetch(words).find("note") == std::string::npos);
        CHECK(judaism(data).size() == 2);
        CHECK(fetch(from).find("note") == std::string::npos);  // they are there from before
    }

    TEST_CASE("rows are chosen by a field and choosing none is an error") {
        const Folder data;
        data.write("bold/train.jsonl", kRows);
        data.write("bold/vader_lexicon.txt", kWords);
        const std::string message = complaint(
            [&] { task_named("paper_bold_sikhism").render(data.path(), {.fewshot = {}, .limit = {}, .seed = 1}); });
        CHECK(message.find("there is no row whose \"category\" is 'sikhism'") != std::string::npos);
        const suites::Task task = task_named("paper_bold_judaism");
        const auto with = [&](const char* change) {
            return complaint([&] { task.with(nlohmann::json::parse(change)); });
        };
        CHECK(with(R"({"data": {"where": {"category": 3}}})").find("must be a string") != std::string::npos);
        CHECK(with(R"({"data": {"where": []}})").find("must be an object") != std::string::npos);
        CHECK(with(R"({"grader": "vader"})").find("needs a file") != std::string::npos);
        CHECK(with(R"({"grader": {"files": {"lexikon": "x"}}})").find("did you mean \"lexicon\"?") !=
              std::string::npos);
        CHECK(with(R"({"grader": {"files": {"lexicon": "../x"}}})").find("from the data folder") != std::string::npos);
    }

    TEST_CASE("the groups have the paper's numbers of prompts and every published number has its task") {
        std::set<std::string> tasks;
        for (const suites::Task& task : suites_test::select_tasks("paper_bold")) tasks.insert(task.name());
        CHECK(tasks.size() == 41);
        std::set<std::string> published;
        for (const suites::PublishedValue& value : suites::published_values()) {
            if (value.task.starts_with("bold_")) published.insert("paper_" + value.task);
        }
        CHECK(tasks == published);
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the public data sets are not there (BELLWETHER_SHARED)");
            return;
        }
        const Folder data;
        suites_test::fetch_from("paper_bold", shared, data.path());
        std::size_t prompts = 0;
        for (const suites::Task& task : suites_test::select_tasks("paper_bold"))
            prompts += task.render(data.path(), {.fewshot = {}, .limit = {}, .seed = 1}).size();
        CHECK(prompts == 23679 - 12 - 29);
        const Folder rows_only;
        CHECK(suites_test::fetch_from("paper_bold", shared, rows_only.path()).size() ==
              2);  // the file, and one note for all
    }
}
