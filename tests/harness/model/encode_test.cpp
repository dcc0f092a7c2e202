#include "harness/model/encode.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "tests/harness/scripted_model.hpp"

using namespace harness;
using engine::TokenId;

namespace {

std::vector<TokenId> bytes(const std::string& text) {
    return ByteTokenizer().encode(text, engine::Bos::No);
}

}  // namespace

TEST_SUITE("harness.encode") {
    TEST_CASE("trailing whitespace of the context moves to the continuation") {
        const auto pair = model::encode_pair(ByteTokenizer(), "ab \n", "c", model::BosProfile::None, 100);
        CHECK(pair.context == bytes("ab"));
        CHECK(pair.continuation == bytes(" \nc"));
        // White space is what Python's rstrip takes: a no-break space, an ideographic space, a file separator.
        const std::string spaces = "\u00a0\u3000\x1c ";
        const auto wide = model::encode_pair(ByteTokenizer(), "ab" + spaces, " c", model::BosProfile::None, 100);
        CHECK(wide.context == bytes("ab"));
        CHECK(wide.continuation == bytes(spaces + " c"));
        const auto blank = model::encode_pair(ByteTokenizer(), spaces, "c", model::BosProfile::None, 100);
        CHECK(blank.context == std::vector<TokenId>{1});
        CHECK(blank.continuation == bytes(spaces + "c"));
    }

    TEST_CASE("the continuation has the tokens after the context's length even if a merge crosses the join") {
        // "bc" is one token: the whole a bc d has three tokens, the context a b has two, so the continuation is the
        // third.
        const auto pair = model::encode_pair(ByteTokenizer("bc"), "ab", "cd", model::BosProfile::ModelDefault, 100);
        CHECK(pair.context == std::vector<TokenId>{1, 'a' + 3, 'b' + 3});
        CHECK(pair.continuation == bytes("d"));
    }

    TEST_CASE("an empty context is the BOS token") {
        const auto pair = model::encode_pair(ByteTokenizer(), "", "xy", model::BosProfile::None, 100);
        CHECK(pair.context == std::vector<TokenId>{1});
        CHECK(pair.continuation == bytes("xy"));
    }

    TEST_CASE("a text that begins with <s> has one BOS with and without --no-bos") {
        for (const auto profile : {model::BosProfile::None, model::BosProfile::ModelDefault}) {
            CHECK(model::encode_text(ByteTokenizer(), "<s>ab", profile) == std::vector<TokenId>{1, 'a' + 3, 'b' + 3});
            const auto pair = model::encode_pair(ByteTokenizer(), "<s>ab ", "c", profile, 100);
            CHECK(pair.context == std::vector<TokenId>{1, 'a' + 3, 'b' + 3});
            CHECK(pair.continuation == bytes(" c"));
            const auto alone = model::encode_pair(ByteTokenizer(), "", "<s>xy", profile, 100);
            CHECK(alone.context == std::vector<TokenId>{1});
            CHECK(alone.continuation == bytes("xy"));
        }
        CHECK(model::encode_text(ByteTokenizer(), "a<s>", model::BosProfile::None) == bytes("a<s>"));
    }

    TEST_CASE("a context that is too long loses its left side") {
        // 8 + 3 tokens; the input of 6 is the last 7 without the final one, so 4 of context stay.
        const auto pair = model::encode_pair(ByteTokenizer(), "01234567", "abc", model::BosProfile::None, 6);
        CHECK(pair.context == bytes("4567"));
        CHECK(pair.continuation == bytes("abc"));
    }

    TEST_CASE("a continuation without tokens of its own is an error") {
        CHECK_THROWS_AS(model::encode_pair(ByteTokenizer(), "ab", "", model::BosProfile::None, 100),
                        engine::EngineError);
        CHECK_THROWS_AS(model::encode_pair(ByteTokenizer("bc"), "ab", "c", model::BosProfile::None, 100),
                        engine::EngineError);
        CHECK_THROWS_AS(model::encode_pair(ByteTokenizer(), "a", "0123456", model::BosProfile::None, 6),
                        engine::EngineError);
    }

    TEST_CASE("a chat prompt ends without a space and the answer has the remaining ids") {
        const std::vector<engine::Message> messages = {{engine::Role::User, "Which? "}};
        const auto pair = model::encode_chat_pair(engine::ChatFormat::Llama2, ByteTokenizer(), messages, "(A)");
        std::vector<TokenId> prompt = bytes("[INST] Which? [/INST]");
        prompt.insert(prompt.begin(), 1);
        CHECK(pair.context == prompt);
        CHECK(pair.continuation == bytes("(A)"));
        // A merge crosses the end of the prompt: "](" is one token, so the whole has one less than its parts.
        CHECK(model::encode_chat_pair(engine::ChatFormat::Llama2, ByteTokenizer("]("), messages, "(A)").continuation ==
              bytes("A)"));
        CHECK_THROWS_AS(model::encode_chat_pair(engine::ChatFormat::Llama2, ByteTokenizer(), messages, ""),
                        engine::EngineError);
    }

    TEST_CASE("rolling windows predict every token once with as much context as fits") {
        // Windows of 4, as the reference harness cuts them: context -> predicted.
        struct Window {
            std::vector<TokenId> context;
            std::vector<TokenId> predicted;
        };
        const std::vector<std::pair<int, std::vector<Window>>> cases = {
            {3, {{{-1}, {0, 1, 2}}}},
            {5, {{{-1}, {0, 1, 2, 3}}, {{0, 1, 2, 3}, {4}}}},
            {8, {{{-1}, {0, 1, 2, 3}}, {{3}, {4, 5, 6, 7}}}},
            {10, {{{-1}, {0, 1, 2, 3}}, {{3}, {4, 5, 6, 7}}, {{5, 6, 7}, {8, 9}}}},
        };
        for (const auto& one : cases) {
            const int count = one.first;
            const std::vector<Window>& expected = one.second;
            CAPTURE(count);
            std::vector<TokenId> ids(static_cast<std::size_t>(count));
            std::iota(ids.begin(), ids.end(), 0);
            const auto windows = model::rolling_windows(ids, -1, 4);
            REQUIRE(windows.size() == expected.size());
            for (std::size_t i = 0; i < windows.size(); ++i) {
                CHECK(windows[i].context == expected[i].context);
                CHECK(windows[i].continuation == expected[i].predicted);
            }
        }
        CHECK(model::rolling_windows({}, 1, 4).empty());
    }
}
