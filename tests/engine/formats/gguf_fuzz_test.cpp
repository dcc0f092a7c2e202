#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "engine/formats/gguf/model.hpp"
#include "engine/formats/sentencepiece/model.hpp"
#include "engine/language_model.hpp"
#include "engine/text/tokenizer.hpp"
#include "tests/engine/gguf_writer.hpp"

using engine::EngineError;
using Gguf = engine::formats::gguf::Model;
using engine::text::make_tokenizer;
namespace sentencepiece_model = engine::formats::sentencepiece;

namespace {

std::string original() {
    auto writer = gguf_test::SmallVocabulary().writer();
    writer.key("general.alignment", 4, 32U)
        .key("tokenizer.ggml.bos_token_id", 4, 1U)
        .key("tokenizer.ggml.eos_token_id", 4, 2U);
    writer.key("tokenizer.ggml.add_bos_token", 7, true).key_array("ints", 10, std::vector<std::uint64_t>{1, 2, 3});
    writer.tensor("token_embd.weight", {32, 4}, 0, 0).tensor("blk.0.attn_q.weight", {32, 4}, 2, 512);
    writer.tensor("blk.0.attn_norm.weight", {32}, 1, 608).tensor("output.weight", {32, 2}, 8, 672);
    writer.data(std::string(672 + 68, '\1'));
    return writer.str();
}

/// Damages a file one to three times: truncation, flipped bits or a wrong number.
std::string damaged(std::string bytes, std::mt19937_64& random) {
    const std::uint64_t rounds = 1 + random() % 3;
    for (std::uint64_t round = 0; round < rounds && bytes.size() > 8; ++round) {
        switch (random() % 4) {
            case 0: bytes.resize(1 + random() % bytes.size()); break;
            case 1: {
                char& byte = bytes[random() % bytes.size()];
                byte = static_cast<char>(byte ^ (1 << random() % 8));
                break;
            }
            case 2: {
                // Counts and offsets are 64 bits wide; extremes, powers of two and neighbours of the real size.
                const std::uint64_t choices[] = {~std::uint64_t{0}, std::uint64_t{1} << random() % 64, bytes.size(),
                                                 random() % 512, 0};
                const std::uint64_t number = choices[random() % 5];
                std::memcpy(&bytes[random() % (bytes.size() - 8)], &number, 8);
                break;
            }
            default: {
                const auto number = static_cast<std::uint32_t>(random() % 3 == 0 ? ~0U : random() % 64);
                // The first 24 bytes contain the version and the counts, which random flips would seldom hit.
                std::memcpy(&bytes[random() % (random() % 2 == 0 ? std::min<std::size_t>(24, bytes.size() - 4)
                                                                 : bytes.size() - 4)],
                            &number, 4);
                break;
            }
        }
    }
    return bytes;
}

}  // namespace

TEST_SUITE("engine.formats.fuzz") {
    TEST_CASE("a mutated file opens or is refused as wrong input") {
        const std::string bytes = original();
        const gguf_test::TemporaryFile file(bytes);
        REQUIRE(make_tokenizer("model", Gguf(file.path()).vocabulary())->encode("ab", engine::Bos::No).size() == 1);
        std::mt19937_64 random(20230718);
        int opened = 0;
        int refused = 0;
        int vocabularies = 0;
        std::uint64_t sum = 0;
        for (int mutation = 0; mutation < 12000; ++mutation) {
            file.write(damaged(bytes, random));
            try {
                const Gguf gguf(file.path());
                ++opened;
                for (const auto& tensor : gguf.tensors()) {
                    for (const std::byte byte : gguf.data(tensor)) sum += static_cast<std::uint64_t>(byte);
                    std::vector<float> values(tensor.columns() * tensor.rows());
                    engine::formats::layout_of(tensor.type).unpack(gguf.data(tensor), values);
                }
                const auto tokenizer = make_tokenizer("model", gguf.vocabulary());
                for (const auto id : tokenizer->encode("ab <s> \xFF", engine::Bos::Yes))
                    sum += tokenizer->piece(id).size();
                ++vocabularies;
            } catch (const EngineError& error) {
                CHECK(error.kind() == EngineError::Kind::Input);
                ++refused;
            }
        }
        MESSAGE("opened ", opened, " with ", vocabularies, " usable vocabularies; refused ", refused, "; sum ", sum);
        CHECK(vocabularies > 100);
        CHECK(refused > 3000);
    }

    TEST_CASE("a mutated sentencepiece model opens or is refused as wrong input") {
        const gguf_test::TemporaryFile source(original());
        const std::string bytes = sentencepiece_model::write_model(Gguf(source.path()).vocabulary());
        std::mt19937_64 random(19970718);
        int opened = 0;
        int refused = 0;
        for (int mutation = 0; mutation < 4000; ++mutation) {
            try {
                const auto vocabulary = sentencepiece_model::read_model("model", damaged(bytes, random));
                source.write(sentencepiece_model::write_model(vocabulary));
                const auto tokenizer = engine::open_tokenizer(source.path());
                for (const auto id : tokenizer->encode("ab <s> \xFF", engine::Bos::Yes))
                    CHECK(!tokenizer->piece(id).empty());
                ++opened;
            } catch (const EngineError& error) {
                CHECK(error.kind() == EngineError::Kind::Input);
                ++refused;
            }
        }
        MESSAGE("opened ", opened, "; refused ", refused);
        CHECK(opened > 20);
        CHECK(refused > 1000);
    }
}
