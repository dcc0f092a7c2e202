#include "tests/support/wrong_types.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "harness/interchange/labelled_answers.hpp"
#include "harness/interchange/lm_eval_import.hpp"
#include "harness/interchange/outputs_rows.hpp"
#include "harness/interchange/preference_pairs.hpp"
#include "harness/run/graders.hpp"
#include "safety/judge/template.hpp"
#include "safety/prompts/prompt.hpp"
#include "suites/catalog.hpp"
#include "suites/error.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using wrong_types::Json;

namespace {

using Read = std::function<void(const std::string& text)>;

/// Whether a reader refuses a text. Checks that it does so in words of our own that name the file.
bool is_refused(const Read& read, const std::string& text) {
    std::string message;
    try {
        read(text);
        return false;
    } catch (const std::runtime_error& error) {  // an exception of the JSON library is none
        message = error.what();
    } catch (const std::exception& error) {
        FAIL_CHECK("an exception of a library: ", error.what());
        return false;
    }
    CAPTURE(message);
    CHECK(wrong_types::library_word(message) == nullptr);
    CHECK(message.find("the_file") != std::string::npos);
    return true;
}

/// Gives every variant of `valid` to a reader, and checks that each is read or refused in words of our own that name
/// the file.
void check_reader(const char* reader, const Json& valid, const Read& read) {
    CAPTURE(std::string(reader));
    CHECK_NOTHROW(read(valid.dump()));
    std::size_t refused = 0;
    for (const wrong_types::Variant& one : wrong_types::variants(valid)) {
        CAPTURE(one.place);
        if (is_refused(read, one.value.dump())) ++refused;
    }
    CHECK(refused > 10);
}

Json with(Json value, const Json& more) {
    value.update(more);
    return value;
}

const Json kTurns = {{{"role", "user"}, {"content", "x"}}};

const Json kTask = {{"name", "the_file"}, {"version", 1},
                    {"profile", "own"},   {"description", "d"},
                    {"source", "s"},      {"licence", "l"},
                    {"citation", "c"},    {"data", {{"test", {"a.jsonl"}}, {"where", {{"x", "y"}}}}},
                    {"fewshot", 0},       {"prompt", "{{q}}"}};

}  // namespace

TEST_SUITE("interchange.types") {
    TEST_CASE("a wrong type in any field of a row is told in plain words by each reader of rows") {
        using namespace harness::interchange;
        check_reader("outputs",
                     {{"id", "a"},
                      {"turns", kTurns},
                      {"output", {"x"}},
                      {"model", "m"},
                      {"date", "2025-01-31"},
                      {"finish", "eos"},
                      {"settings", {{"a", 1}}},
                      {"cut_tokens", 0},
                      {"documents", 1}},
                     [](const std::string& text) { parse_output_rows(text + "\n", "the_file.jsonl"); });
        check_reader(
            "pairs",
            {{"turns", kTurns}, {"chosen", "a"}, {"rejected", "b"}, {"strength", "better"}, {"bin", "both_safe"}},
            [](const std::string& text) { parse_preference_pairs(text + "\n", "the_file.jsonl"); });
        check_reader("prompts",
                     {{"id", "a"},
                      {"turns", kTurns},
                      {"category", "c"},
                      {"language", "en"},
                      {"persona", "none"},
                      {"note", "n"},
                      {"version", 1}},
                     [](const std::string& text) { safety::prompts::parse_prompts(text + "\n", "the_file.jsonl"); });
        check_reader("labels", {{"id", "a"}, {"answer", "I cannot."}, {"label", "full_refusal"}},
                     [](const std::string& text) { parse_labelled_answers(text + "\n", "the_file.jsonl"); });
    }

    TEST_CASE("a wrong type in any field of a log of lm-evaluation-harness is told in plain words") {
        const Temporary folder;
        const std::string log = folder / "samples_the_file_2024-01-01T00-00-00.jsonl";
        const auto read = [&log](const std::string& text) {
            put(log, text + "\n");
            harness::interchange::read_lm_eval({.files = {log}, .model = "m"});
        };
        const Json common = {{"doc_id", 0}, {"doc", {{"q", "q"}}}, {"target", "1"}, {"filter", "none"}};
        check_reader("choices",
                     with(common, {{"arguments", Json::parse(R"([["Q", " no"], ["Q", " yes"]])")},
                                   {"resps", Json::parse(R"([[["-2.5", "False"]], [["-0.25", "True"]]])")},
                                   {"filtered_resps", Json::parse(R"([["-2.5", "False"], ["-0.25", "True"]])")},
                                   {"metrics", {"acc"}},
                                   {"acc", 1.0}}),
                     read);
        check_reader(
            "generations",
            with(common,
                 {{"arguments", {{"gen_args_0", {{"arg_0", "Q"}, {"arg_1", {{"until", {"a"}}, {"max_gen_toks", 5}}}}}}},
                  {"resps", {{"a"}}},
                  {"filtered_resps", {"a"}},
                  {"metrics", {"exact_match"}},
                  {"exact_match", 1.0}}),
            read);
    }

    TEST_CASE("a wrong type in any field of a definition is told in plain words") {
        const suites::Catalog catalog = suites::Catalog::builtin(harness::run::all_graders());
        const auto read = [&catalog](const std::string& text) {
            catalog.check(suites::parse_definition(text, "the_file.json"), "the_file.json");
        };
        check_reader("generate",
                     with(kTask, {{"kind", "generate"},
                                  {"until", {"x"}},
                                  {"max_tokens", 5},
                                  {"answer", "{{a}}"},
                                  {"metrics", {"exact_match"}}}),
                     read);
        check_reader("choice",
                     with(kTask, {{"kind", "choice"}, {"choices", {"a", "b"}}, {"gold", "g"}, {"metrics", {"acc"}}}),
                     read);
        check_reader("group",
                     {{"group", "g"},
                      {"profile", "lmeval"},
                      {"description", "d"},
                      {"weighting", "members"},
                      {"members", {"arc_easy", {{"task", "piqa"}, {"fewshot", 2}}}}},
                     read);
        check_reader("judge",
                     {{"name", "j"},
                      {"version", 1},
                      {"description", "d"},
                      {"metric", "m"},
                      {"higher_is_better", true},
                      {"prompt", {"{{request}}", "{{answer}}"}},
                      {"user_label", "U"},
                      {"assistant_label", "A"},
                      {"options", {{{"text", "yes"}, {"value", 1}}, {{"text", "no"}, {"value", 0}}}}},
                     [](const std::string& text) { safety::judge::parse_template(text, "the_file.json"); });
    }
}
