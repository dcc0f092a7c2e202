#include "harness/ladder/measurement.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"
#include "tests/harness/ladder/logit_model.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace harness;
using reports::statistics::token_divergence;
using reports::statistics::TokenDivergence;

namespace {

const auto kQuiet = [](std::size_t) {};

ladder::Text alphabet(std::uint32_t window, std::uint64_t max_tokens = 0) {
    return ladder::cut_text("a.txt", "abcdefghijklmnopqrstuvwxyz", ByteTokenizer(), window, max_tokens);
}

std::vector<double> divergences(const ladder::Measurement::Tokens& tokens) {
    std::vector<double> values;
    values.reserve(tokens.size());
    for (const TokenDivergence& token : tokens) values.push_back(token.kl);
    return values;
}

}  // namespace

TEST_SUITE("harness.ladder") {
    TEST_CASE("a text is cut into windows that predict every token once") {
        const ladder::Text text = alphabet(10);
        CHECK(text.tokens() == 26);
        CHECK(text.windows.size() == 3);
        CHECK(text.windows[0].context == std::vector<engine::TokenId>{1});  // BOS
        CHECK(text.window_of[9] == 0);
        CHECK(text.window_of[10] == 1);
        CHECK(text.place(2, 5) == 25);
        const ladder::Text part = alphabet(10, 12);
        CHECK(part.tokens() == 12);
        CHECK(part.text_tokens == 26);
        CHECK(alphabet(100).windows.size() == 1);
        CHECK_THROWS_AS(ladder::cut_text("empty.txt", "", ByteTokenizer(), 10, 0), base::UsageError);
    }

    TEST_CASE("every token is compared with the reference's logits at the same place") {
        const ladder::Text text = alphabet(10);
        LogitModel reference(0.5F);
        LogitModel other(0.25F);
        const ladder::Measurement measurement(text, reference, kQuiet);
        const auto tokens = measurement.compare(other, kQuiet);
        REQUIRE(tokens.size() == 26);
        engine::TokenId last = 1;
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            CAPTURE(i);
            const std::size_t id = std::size_t{'a'} + 3 + i;
            const TokenDivergence expected =
                token_divergence(reference.logits_after(last), other.logits_after(last), id);
            CHECK(tokens[i].kl == expected.kl);
            CHECK(tokens[i].reference_logprob == expected.reference_logprob);
            CHECK(tokens[i].model_logprob == expected.model_logprob);
            CHECK(measurement.reference()[i].model_logprob == expected.reference_logprob);
            last = static_cast<engine::TokenId>(id);
        }
    }

    TEST_CASE("divergences do not depend on the order in which logits come") {
        const ladder::Text text = alphabet(7);
        LogitModel reference(0.5F);
        LogitModel other(0.375F);
        const ladder::Measurement forwards(text, reference, kQuiet);
        reference.from_the_end = true;
        const ladder::Measurement backwards(text, reference, kQuiet);
        const std::vector<double> expected = divergences(forwards.compare(other, kQuiet));
        other.from_the_end = true;
        CHECK(divergences(backwards.compare(other, kQuiet)) == expected);
    }

    TEST_CASE("a model diverges from itself by exactly nothing") {
        const ladder::Text text = alphabet(10);
        LogitModel model(0.5F);
        for (const TokenDivergence& token : ladder::Measurement(text, model, kQuiet).compare(model, kQuiet)) {
            CHECK(token.kl == 0);
            CHECK(token.same_top);
            CHECK(token.model_logprob == token.reference_logprob);
        }
    }

    TEST_CASE("progress ends with all tokens of the text") {
        const ladder::Text text = alphabet(10);
        LogitModel model(0.5F);
        std::size_t done = 0;
        const ladder::Measurement measurement(text, model, [&done](std::size_t tokens) { done = tokens; });
        CHECK(done == 26);
    }

    TEST_CASE("a model with another number of outputs is refused") {
        const ladder::Text text = alphabet(10);
        LogitModel reference(0.5F);
        LogitModel wider(0.5F, 300);
        const ladder::Measurement measurement(text, reference, kQuiet);
        CHECK_THROWS_WITH_AS(measurement.compare(wider, kQuiet),
                             "the model has 300 outputs, the reference 260: they cannot be compared",
                             engine::EngineError);
    }

    TEST_CASE("logits that do not fit the folder for temporary files are refused before any work") {
        // A petabyte.
        CHECK_THROWS_WITH_AS(ladder::KeptLogits(std::size_t{1} << 33, 32000), doctest::Contains("--tokens"),
                             base::UsageError);
    }

    TEST_CASE("a temporary file keeps numbers and leaves no name") {
        const Temporary folder;
        setenv("TMPDIR", folder.path().c_str(), 1);
        base::ScratchFile file(64);
        const std::string bytes = "twelve bytes";
        file.write(40, std::as_bytes(std::span(bytes)));
        std::string back(12, ' ');
        file.read(40, std::as_writable_bytes(std::span(back)));
        CHECK(back == bytes);
        CHECK(names_in(folder.path()).empty());
        CHECK_THROWS_AS(file.read(60, std::as_writable_bytes(std::span(back))), base::WorkError);
        unsetenv("TMPDIR");
    }
}
