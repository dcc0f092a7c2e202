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
}
