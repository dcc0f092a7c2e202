#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/formats/gguf/model.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/small_model.hpp"

namespace {

using Gguf = engine::formats::gguf::Model;
using engine::formats::Hyperparameters;
using gguf_test::TemporaryFile;

constexpr std::uint32_t kU8 = 0, kU32 = 4, kI32 = 5, kF32 = 6, kBool = 7, kU64 = 10, kF64 = 12;

using Change = std::function<void(gguf_test::Writer&)>;

Hyperparameters shape_with(const Change& change, std::uint32_t context = 0) {
    SmallModel model;
    change(model.writer);
    const TemporaryFile file(model.writer.str());
    return Gguf(file.path()).hyperparameters(context);
}

std::string refusal(const Change& change, std::uint32_t context = 0) {
    try {
        shape_with(change, context);
        return "";
    } catch (const engine::EngineError& error) {
        CHECK(error.kind() == engine::EngineError::Kind::Input);
        return error.what();
    }
}

void check_refused(const std::string& message, const std::string& key, const std::string& value) {
    CAPTURE(message);
    CHECK(message.find(key) != std::string::npos);
    CHECK(message.find(value) != std::string::npos);
}

}  // namespace

TEST_SUITE("engine.hyperparameters") {
    TEST_CASE("a factor scales positions with type linear or without a type but not with type none") {
        using W = gguf_test::Writer;
        CHECK(shape_with([](W&) {}).position_scale == 1);
        CHECK(shape_with([](W& w) { w.key("llama.rope.scaling.factor", kF32, 4.0F); }).position_scale == 0.25);
        CHECK(shape_with([](W& w) { w.key("llama.rope.scaling.factor", kU32, 4U); }).position_scale == 0.25);
        CHECK(shape_with([](W& w) { w.key("llama.rope.scaling.factor", kF64, 4.0); }).position_scale == 0.25);
        CHECK(shape_with([](W& w) { w.key("llama.rope.scaling.factor", kU8, std::uint8_t{4}); }).position_scale ==
              0.25);
        CHECK(shape_with([](W& w) { w.key("llama.rope.scale_linear", kF32, 4.0F); }).position_scale == 0.25);
        CHECK(shape_with([](W& w) {
                  w.key("llama.rope.scaling.factor", kF32, 4.0F).key_text("llama.rope.scaling.type", "linear");
              }).position_scale == 0.25);
        CHECK(shape_with([](W& w) {
                  w.key("llama.rope.scaling.factor", kF32, 4.0F).key_text("llama.rope.scaling.type", "none");
              }).position_scale == 1);
        CHECK(shape_with([](W& w) {
                  w.key("llama.rope.scaling.factor", kF32, 2.0F).key("llama.rope.scale_linear", kF32, 2.0F);
              }).position_scale == 0.5);
    }

    TEST_CASE("a factor that is not a positive number or has another scaling type is refused with its value") {
        using W = gguf_test::Writer;
        const char* factor = "llama.rope.scaling.factor";
        check_refused(refusal([&](W& w) { w.key(factor, kF32, 0.0F); }), factor, "is 0,");
        check_refused(refusal([&](W& w) { w.key(factor, kF32, -2.0F); }), factor, "is -2,");
        check_refused(refusal([&](W& w) { w.key(factor, kI32, -2); }), factor, "is -2,");
        check_refused(refusal([&](W& w) { w.key(factor, kF32, NAN); }), factor, "nan");
        check_refused(refusal([&](W& w) { w.key(factor, kF64, double{INFINITY}); }), factor, "inf");
        check_refused(refusal([&](W& w) { w.key_text(factor, "4"); }), factor, "expected a number");
        check_refused(refusal([&](W& w) { w.key(factor, kF32, 4.0F).key("llama.rope.scale_linear", kF32, 2.0F); }),
                      factor, "scale_linear 2");
        for (const char* type : {"yarn", "longrope", "LINEAR", "llama3", "dynamic", ""})
            check_refused(refusal([&](W& w) { w.key_text("llama.rope.scaling.type", type); }),
                          "llama.rope.scaling.type", std::string("'") + type + "'");
        check_refused(refusal([](W& w) { w.key("llama.rope.scaling.type", kU32, 1U); }), "llama.rope.scaling.type",
                      "expected a string");
    }

    TEST_CASE("an unsupported key is refused with its value unless the value has no effect") {
        struct Rule {
            const char* key;
            float changes, harmless;
        };
        for (const Rule& rule : {Rule{"attention.clamp_kqv", 8, 0},
                                 Rule{"attention.max_alibi_bias", 8, 0},
                                 Rule{"attention.key_length", 16, 8},
                                 Rule{"attention.value_length", 4, 8},
                                 Rule{"attention.scale", 0.125F, 0.35355338F},
                                 Rule{"attention.sliding_window", 63, 64},
                                 Rule{"attention.sliding_window", 1, 0},
                                 Rule{"attn_logit_softcapping", 50, 0},
                                 Rule{"final_logit_softcapping", 30, 0},
                                 Rule{"logit_softcapping", 30, 0},
                                 Rule{"router_logit_softcapping", 30, 0},
                                 Rule{"logit_scale", 0.5F, 1},
                                 Rule{"residual_scale", 0.22F, 1},
                                 Rule{"embedding_scale", 12, 0},
                                 Rule{"expert_count", 8, 0},
                                 Rule{"expert_used_count", 2, 0},
                                 Rule{"nextn_predict_layers", 1, 0},
                                 Rule{"vocab_size", 263, 264},
                                 Rule{"vocab_size", 0, 264},
                                 Rule{"rope.scaling.attn_factor", 1.2F, 1},
                                 Rule{"rope.scaling.alpha", 1000, 1}}) {
            const std::string key = std::string("llama.") + rule.key;
            CAPTURE(key);
            const auto set = [&key](float value) {
                return [&key, value](gguf_test::Writer& w) { w.key(key, kF32, value); };
            };
            CHECK(refusal(set(rule.harmless)) == "");
            CHECK(refusal(set(rule.changes)).find("key " + key + " is ") != std::string::npos);
            CHECK(refusal(set(NAN)).find(key + " is nan") != std::string::npos);
            CHECK(refusal([&key](gguf_test::Writer& w) { w.key_text(key, "x"); }).find(key + " is 'x'") !=
                  std::string::npos);
        }
        using W = gguf_test::Writer;
        CHECK(refusal([](W& w) { w.key("llama.attention.causal", kBool, true); }) == "");
        check_refused(refusal([](W& w) { w.key("llama.attention.causal", kBool, false); }), "attention.causal",
                      "is false");
        CHECK(refusal([](W& w) { w.key("llama.use_parallel_residual", kBool, false); }) == "");
        check_refused(refusal([](W& w) { w.key("llama.use_parallel_residual", kBool, true); }), "use_parallel_residual",
                      "is true");
        for (const char* key : {"activation_function", "hidden_act", "hidden_activation"}) {
            const std::string name = std::string("llama.") + key;
            CHECK(refusal([&](W& w) { w.key_text(name, "silu"); }) == "");
            check_refused(refusal([&](W& w) { w.key_text(name, "gelu"); }), key, "'gelu'");
        }
        CHECK(refusal([](W& w) { w.key_text("llama.tensor_data_layout", "Meta AI original pth"); }) == "");
        check_refused(refusal([](W& w) { w.key_text("llama.tensor_data_layout", "HF"); }), "tensor_data_layout",
                      "'HF'");
        check_refused(refusal([](W& w) { w.key("llama.rope.dimension_count", kU32, 4U); }), "rope.dimension_count",
                      "is 4");
    }

    TEST_CASE("a sliding window is accepted if the requested context fits into it") {
        const Change window = [](gguf_test::Writer& w) { w.key("llama.attention.sliding_window", kU32, 32U); };
        check_refused(refusal(window), "sliding_window", "is 32");
        CHECK(refusal(window, 32) == "");
        CHECK(refusal(window, 33) != "");
    }

    TEST_CASE("an unknown key of attention or rotation or experts is refused") {
        for (const char* name :
             {"attention.q_lora_rank", "attention.temperature_length", "attention.use_gate", "rope.freq_base_swa",
              "rope.dimension_sections", "rope.scaling.yarn_beta_fast", "rope.scaling.low_freq_factor",
              "attention.layer_norm_epsilon", "expert_group_count"}) {
            const std::string key = std::string("llama.") + name;
            CHECK(refusal([&key](gguf_test::Writer& w) { w.key(key, kF32, 0.0F); }).find(key) != std::string::npos);
        }
    }

    TEST_CASE("files of other kinds of models are refused with their kind") {
        using W = gguf_test::Writer;
        check_refused(refusal([](W& w) { w.key_text("general.type", "adapter"); }), "general.type", "'adapter'");
        check_refused(refusal([](W& w) { w.key("adapter.lora.alpha", kF32, 16.0F); }), "adapter.lora.alpha", "is 16");
        check_refused(refusal([](W& w) { w.key("general.quantization_version", kU32, 1U); }),
                      "general.quantization_version", "is 1");
        CHECK(refusal([](W& w) { w.key("general.quantization_version", kU64, std::uint64_t{2}); }) == "");
        CHECK(refusal([](W& w) { w.key_text("general.type", "model"); }) == "");
    }
}
