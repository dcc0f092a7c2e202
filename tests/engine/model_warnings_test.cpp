#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "engine/model_summary.hpp"
#include "tests/engine/small_model.hpp"

using gguf_test::TemporaryFile;

namespace {

constexpr std::uint32_t kU16 = 2, kU32 = 4, kBool = 7;

}  // namespace

TEST_SUITE("engine.model_warnings") {
    TEST_CASE("only unknown keys give warnings") {
        SmallModel model;
        model.writer.key_text("general.author", "somebody")
            .key("llama.rope.scaling.finetuned", kBool, true)
            .key("llama.rope.scaling.original_context_length", kU32, 32U)
            .key("tokenizer.ggml.padding_token_id", kU32, 0U)
            .key("tokenizer.ggml.fim_pre_token_id", kU32, 5U)
            .key_text("quantize.imatrix.file", "x")
            .key("llama.future_switch", kU16, std::uint16_t{7})
            .key_text("mistral.note", "y\n")
            .key("tokenizer.ggml.future", kBool, true);
        const TemporaryFile file(model.writer.str());
        CHECK(engine::summarise_model(file.path()).warnings ==
              std::vector<std::string>{"key llama.future_switch (7) is not known and not used",
                                       "key mistral.note ('y?') is not known and not used",
                                       "key tokenizer.ggml.future (true) is not known and not used"});
        CHECK(engine::open_model(file.path())->card().warnings.size() == 3);
        const TemporaryFile plain(SmallModel().writer.str());
        CHECK(engine::open_model(plain.path())->card().warnings.empty());
    }

    TEST_CASE("a model that cannot be opened has the same reason in its summary") {
        SmallModel unknown_key;
        unknown_key.writer.key("llama.rope.future", kU32, 5U);
        SmallModel experts;
        experts.writer.key("llama.expert_count", kU32, 8U);
        SmallModel tensor;
        tensor.vector("blk.0.attn_q_norm.weight", 48, 1);
        for (const SmallModel* model : {&unknown_key, &experts, &tensor}) {
            const TemporaryFile file(model->writer.str());
            std::string reason;
            try {
                engine::open_model(file.path());
            } catch (const engine::EngineError& error) {
                reason = error.what();
            }
            CHECK_FALSE(reason.empty());
            CHECK(engine::refusal_of(file.path()) == reason);
            CHECK(engine::summarise_model(file.path()).refusal == reason);
        }
        const TemporaryFile unknown(unknown_key.writer.str());
        CHECK(engine::summarise_model(unknown.path()).warnings ==
              std::vector<std::string>{
                  "key llama.rope.future (5) is not known and refused: it may change what the network computes"});
        const TemporaryFile plain(SmallModel().writer.str());
        CHECK(engine::refusal_of(plain.path()) == "");
    }

    TEST_CASE("a sliding window is refused unless the context is not longer") {
        SmallModel window;
        window.writer.key("llama.attention.sliding_window", kU32, 16U);
        const TemporaryFile file(window.writer.str());
        CHECK(engine::refusal_of(file.path()).find("--context N of at most the window") != std::string::npos);
        CHECK(engine::refusal_of(file.path(), 16) == "");
    }
}
