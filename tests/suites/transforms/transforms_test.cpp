#include <doctest/doctest.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "suites/definition/template.hpp"
#include "suites/transforms/bold.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/overlap.hpp"
#include "suites/transforms/squad.hpp"
#include "suites/transforms/text.hpp"
#include "suites/transforms/toxigen.hpp"
#include "suites/transforms/wikitext.hpp"
#include "tests/suites/helpers.hpp"

using suites::Row;
using suites_test::complaint;

TEST_SUITE("suites.transforms") {
    TEST_CASE("hellaswag text is cleaned as in lm-evaluation-harness") {
        CHECK(suites::transforms::hellaswag_text(
                  "Home and Garden: [header] How to clean [title] Do it. [step] Wet  it.   Then [substeps] dry") ==
              "Home and Garden: How to clean. Do it. Wet it.  Then dry");
        CHECK(suites::transforms::hellaswag_text(" [a[b]c]d ") == "c]d");
        CHECK(suites::transforms::hellaswag_text("open [ never closed") == "open [ never closed");
        CHECK(suites::transforms::hellaswag_text("[one\ntwo] [x]three") == "[one\ntwo] three");
    }

    TEST_CASE("capitalize lowers the other letters as Python does") {
        CHECK(suites::transforms::capitalize("he asks Mary") == "He asks mary");
        CHECK(suites::transforms::capitalize("\xC3\xA9TUDE \xC3\x80") == "\xC3\x89tude \xC3\xA0");
        // As CPython 3.11 answers.
        CHECK(suites::transforms::capitalize("\u0451\u0436 \u0401\u0416") == "\u0401\u0436 \u0451\u0436");  // Cyrillic
        CHECK(suites::transforms::capitalize("\u00dfETA") == "Sseta");
        CHECK(suites::transforms::capitalize("\u01c6 \u01c4") == "\u01c5 \u01c6");  // one letter of two parts
        CHECK(suites::transforms::capitalize("\U00010428\U00010400") == "\U00010400\U00010428");
        CHECK(suites::transforms::lower_case("\u0130\u0150K \u4e1c") == "i\u0307\u0151k \u4e1c");
        CHECK(suites::transforms::lower_case("\u03a3\u0391\u03a3 \u03a3") ==
              "\u03c3\u03b1\u03c2 \u03c3");  // final sigma
        CHECK(suites::transforms::lower_case("\u0391\u03a3'\u0391") == "\u03b1\u03c3'\u03b1");
        CHECK(suites::transforms::lower_case("\xc3Z\xe2\x82") == "\xc3z\xe2\x82");  // no UTF-8
        CHECK(suites::transforms::capitalize("") == "");
        CHECK(suites::transforms::capitalize("1A") == "1a");
        CHECK(suites::transforms::capitalize(std::string("\xff\xfeX", 3)) == std::string("\xff\xfex", 3));
    }

    TEST_CASE("strip and split use Python's whitespace") {
        CHECK(suites::transforms::strip(" \t\xC2\xA0 a b\xE3\x80\x80\n") == "a b");
        CHECK(suites::transforms::strip(" \n ") == "");
        CHECK(suites::transforms::python_split(" a\xE2\x80\x83 b\n") == std::vector<std::string>{"a", "b"});
    }

    TEST_CASE("bytes that are not UTF-8 become replacement characters") {
        const std::string text = "a\u00E9\u20AC\U0001F600\u0800\uD7FF\uE000\U00010000\U0010FFFF";
        CHECK(suites::transforms::valid_utf8(text) == text);
        CHECK(suites::transforms::valid_utf8("") == "");
        // Alone, cut short, longer than needed, half of a surrogate pair, beyond the last character.
        CHECK(suites::transforms::valid_utf8("x\x80y\xFF") == "x\uFFFDy\uFFFD");
        CHECK(suites::transforms::valid_utf8("\xE2\x82z\xC3") == "\uFFFD\uFFFDz\uFFFD");
        CHECK(suites::transforms::valid_utf8("\xC1\x81") == "\uFFFD\uFFFD");
        CHECK(suites::transforms::valid_utf8("\xE0\x9F\xBF") == "\uFFFD\uFFFD\uFFFD");
        CHECK(suites::transforms::valid_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
        CHECK(suites::transforms::valid_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    TEST_CASE("letters of several scripts have their lower-case forms") {
        CHECK(suites::transforms::lower_case(
                  "\u0416\u0423\u041A \u0141\u00D3D\u0179 \u1EA4M \u0391\u0398\u0389\u039D\u0391 "
                  "\u0160 \u0178 \uFF31") ==
              "\u0436\u0443\u043A \u0142\u00F3d\u017A \u1EA5m \u03B1\u03B8\u03AE\u03BD\u03B1 \u0161 \u00FF \uFF51");
        CHECK(suites::transforms::lower_case("\u0130x") == "i\u0307x");  // becomes two
        CHECK(suites::transforms::lower_case("\u00D7 \u0131 \u0138 \u03C2 \u2014 \U0001F600") ==
              "\u00D7 \u0131 \u0138 \u03C2 \u2014 \U0001F600");  // which have none
        for (const char* broken : {"\xC3", "\xE1\xBB", "\xE1X\xBB", "\xFF\xC0\x41"}) {
            CAPTURE(broken);
            CHECK(suites::transforms::lower_case(broken).size() == std::string(broken).size());
        }
    }

    TEST_CASE("a winogrande sentence is split at its blank") {
        const std::string sentence = "Ian ate the soup because _ was hungry. ";
        CHECK(suites::transforms::before_blank(sentence) == "Ian ate the soup because ");
        CHECK(suites::transforms::after_blank(sentence) == "was hungry.");
    }

    TEST_CASE("a passage is split before its last word") {
        CHECK(suites::transforms::before_last_word("he saw the signs") == "he saw the");
        CHECK(suites::transforms::last_word("he saw the signs") == "signs");
    }

    TEST_CASE("SQuAD answers are compared without case punctuation and articles") {
        CHECK(suites::transforms::squad_normalise("The  \"Quick\" brown fox, and a dog.") == "quick brown fox and dog");
        CHECK(suites::transforms::squad_normalise("\xE2\x80\x9CThe end\xE2\x80\x9D") ==
              "\xE2\x80\x9C end\xE2\x80\x9D");  // a curly quote ends a word
        CHECK(suites::transforms::squad_normalise("a.b theatre") == "ab theatre");
        // A word ends at a character that is not a letter or digit of some script: a combining mark ends the word too.
        CHECK(suites::transforms::squad_normalise("a\u0301 x a\u2019s a\u20AC") == "\u0301 x \u2019s \u20AC");
        CHECK(suites::transforms::squad_normalise("a\u0436 a\u4E2D the\u0663 a\u00BD") ==
              "a\u0436 a\u4E2D the\u0663 a\u00BD");
        CHECK(suites::squad_exact("the Normans", "Normans!") == 1);
        CHECK(suites::squad_exact("Norman", "Normans") == 0);
    }

    TEST_CASE("F1 counts repeated words") {
        CHECK(suites::squad_f1("new york city", "new york") == doctest::Approx(0.8));  // 2/3 and 1
        CHECK(suites::squad_f1("b b b", "b b") == doctest::Approx(0.8));               // 2 of 3, 2 of 2
        CHECK(suites::squad_f1("b b b", "b c") == doctest::Approx(0.4));               // 1 of 3, 1 of 2
        CHECK(suites::squad_f1("", "") == 1);
        CHECK(suites::squad_f1("the", "") == 1);
        CHECK(suites::squad_f1("x", "") == 0);
    }

    TEST_CASE("BLEU of a sentence equals a calculation by hand") {
        CHECK(suites::transforms::sentence_bleu("The cat sat on the mat.", "The cat sat on the mat.") ==
              doctest::Approx(100));
        // 5 of 5 words, 3 of 4 pairs, 2 of 3 triples, 1 of 2 runs of four; five words against six.
        CHECK(suites::transforms::sentence_bleu("the cat sat on mat", "the cat sat on the mat") ==
              doctest::Approx(100 * std::exp(-0.2) * std::pow(0.25, 0.25)));
        // 3 of 4, 2 of 3, 1 of 2, none of 1: the last is smoothed to half a hit.
        CHECK(suites::transforms::sentence_bleu("the cat sat up", "the cat sat down") ==
              doctest::Approx(100 * std::pow(0.75 * 2 / 3 / 2 * 0.5, 0.25)));
        // Tokens are "3.5" whole, and "%", "," and "." apart: eight of them.
        CHECK(suites::transforms::sentence_bleu("It is 3.5%, he said.", "It is 3.5 % , he said .") ==
              doctest::Approx(100));
        CHECK(suites::transforms::sentence_bleu("cat", "cat") == 0);
        CHECK(suites::transforms::sentence_bleu("", "cat") == 0);
        CHECK(suites::transforms::sentence_bleu("a b c d", "e f g h") == 0);
    }

    TEST_CASE("ROUGE equals a calculation by hand") {
        CHECK(suites::transforms::rouge_n("The cat, sat", "the cat sat down", 1) ==
              doctest::Approx(100 * 6.0 / 7.0));  // 3 of 3, 3 of 4
        CHECK(suites::transforms::rouge_n("The cat, sat", "the cat sat down", 2) ==
              doctest::Approx(80));  // 2 of 2, 2 of 3
        CHECK(suites::transforms::rouge_n("x", "y", 1) == 0);
        // In order: "cat sat" of three and of three words.
        CHECK(suites::transforms::rouge_l_sum("cat the sat", "the cat sat") == doctest::Approx(100 * 2.0 / 3.0));
        // Lines are taken one by one: "a b" and "c d" are both found though the lines are swapped.
        CHECK(suites::transforms::rouge_l_sum("c d\na b", "a b\nc d") == doctest::Approx(100));
        CHECK(suites::transforms::rouge_l_sum("c d a b", "a b c d") == doctest::Approx(50));
    }

    TEST_CASE("TruthfulQA answers end with a period and no comment is always correct") {
        const auto rows = suites::transforms::truthfulqa_answers(
            Row::parse(R"({"correct_answers": ["Yes", " It is. ", ""], "incorrect_answers": ["No"]})"));
        CHECK(rows.at(0)["correct"] == Row({"Yes.", "It is.", "I have no comment."}));
        CHECK(rows.at(0)["incorrect"] == Row::array({"No."}));
    }

    TEST_CASE("a dialogue becomes its turns with the earlier correct answers") {
        const Row row =
            Row::parse(R"({"dialogue_id": "d", "wikipedia_page_title": "T", "background": "B", "section_title": "S",
        "context": "He sang. CANNOTANSWER", "questions": ["What did he?", "Where?"], "answers": {"texts": [["sang", "he sang"], ["CANNOTANSWER"]]},
        "orig_answers": {"texts": ["sang", "CANNOTANSWER"]}})");
        const auto turns = suites::transforms::quac_turns(row);
        REQUIRE(turns.size() == 2);
        CHECK(turns[0]["passage"] == "He sang.");
        CHECK(turns[0]["history"] == "");
        CHECK(turns[1]["history"] == "Question: What did he?\nAnswer: sang\n\n");
        CHECK(turns[1]["references"] == Row::array({"CANNOTANSWER"}));
    }

    TEST_CASE("a statement is hateful above five and a half points") {
        CHECK(suites::transforms::toxigen_document({{"toxicity_ai", 3}, {"toxicity_human", 2.5}})[0]["hateful"] == 0);
        CHECK(suites::transforms::toxigen_document({{"toxicity_ai", 3.1}, {"toxicity_human", "2.5"}})[0]["hateful"] ==
              1);
        CHECK(complaint([] {
                  suites::transforms::toxigen_document({{"toxicity_ai", "high"}, {"toxicity_human", 1}});
              }).find("toxicity_ai") != std::string::npos);
    }

    TEST_CASE("a BOLD row becomes its prompts") {
        const auto documents = suites::transforms::bold_prompts(
            {{"domain", "race"}, {"name", "n"}, {"category", "c"}, {"prompts", {"One is ", "Two"}}});
        REQUIRE(documents.size() == 2);
        CHECK(documents[0]["prompt"] == "One is");
    }
}

TEST_SUITE("suites.template") {
    TEST_CASE("values are inserted into templates through their transforms") {
        const Row row = Row::parse(R"({"a": " x ", "n": 3, "list": ["p", "q"], "deep": {"b": "y"}})");
        CHECK(suites::definition::Template::parse("[{{a|strip}}] {{n}} {{list.1}} {{deep.b|capitalize}}").fill(row) ==
              "[x] 3 q Y");
        CHECK(suites::definition::FieldPath::parse("list|capitalize").texts(row) == std::vector<std::string>{"P", "Q"});
    }

    TEST_CASE("values are never read as templates") {
        CHECK(suites::definition::Template::parse("{{a}}").fill({{"a", "{{a}}{{b}}"}}) == "{{a}}{{b}}");
    }

    TEST_CASE("errors in a template are reported") {
        CHECK(complaint([] { suites::definition::Template::parse("{{a"); }).find("{{ without }}") != std::string::npos);
        CHECK(complaint([] { suites::definition::Template::parse("{{a b}}"); }).find("'a b'") != std::string::npos);
        CHECK(complaint([] { suites::definition::Template::parse("{{a|srip}}"); }).find("did you mean \"strip\"?") !=
              std::string::npos);
        CHECK(complaint([] {
                  suites::definition::Template::parse("{{a.9}}").fill({{"a", {1}}});
              }).find("\"a.9\"") != std::string::npos);
        CHECK(complaint([] {
                  suites::definition::FieldPath::parse("a").texts({{"a", "text"}});
              }).find("is not a list") != std::string::npos);
    }
}

TEST_SUITE("suites.wikitext") {
    TEST_CASE("a page becomes running text") {
        CHECK(suites::transforms::wikitext_detokenize(
                  "a well @-@ known actor , born 1 @,@ 200 m away ; he \n said ( so ) .") ==
              "a well-known actor, born 1,200 m away; he\nsaid (so) .");
        CHECK(suites::transforms::wikitext_detokenize(" = = Career = = \n") == " == Career ==\n");
    }

    TEST_CASE("pages start at top headings and words count empty ends") {
        // Whitespace before the first heading is not a page; a page contains its line breaks, the last page also its
        // final one.
        const auto pages =
            suites::transforms::wikitext_pages(" \n = One = \n text \n = = Part = = \n \n = Two = \n more \n");
        REQUIRE(pages.size() == 2);
        CHECK(pages[0] == " = One = \n text \n = = Part = = \n ");
        CHECK(pages[1] == " = Two = \n more \n");
        CHECK(suites::transforms::wikitext_pages("lost text \n = One = \n").size() == 2);
        CHECK(suites::transforms::wikitext_pages(" = = = A = = = \n = = = = B = = = = \n x = 1 = \n").size() == 1);
        CHECK(suites::transforms::wikitext_pages(" = 1 = 2 = \n").size() == 1);
        CHECK(suites::transforms::wikitext_pages(" = One = \r\n text \r\n = Two = \r\n") ==
              std::vector<std::string>{" = One = \n text ", " = Two = \n"});
        CHECK(suites::count_words(" a b\n") == 4);
    }
}
