#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/formats/gguf/model.hpp"
#include "engine/llama/forward.hpp"
#include "engine/llama/memory_plan.hpp"
#include "tests/engine/gguf_writer.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/engine/small_model.hpp"

namespace {

using engine::DeviceInfo;
using engine::EngineError;
using engine::EngineOptions;
using engine::MemoryUse;

constexpr std::uint32_t kF32 = 0, kF16 = 1, kQ40 = 2, kQ80 = 8;
constexpr std::uint64_t kGiB = 1ULL << 30;

struct Shape {
    std::uint32_t dim, layers, heads, kv_heads, ffn, context, vocab;
    std::uint32_t type, other;  // of the matrices; of v and down, which makes stacks of two types
    bool tied = false;
};
constexpr Shape k7b = {4096, 32, 32, 32, 11008, 4096, 32000, kQ40, kQ40};
constexpr Shape k70b = {8192, 80, 64, 8, 28672, 4096, 32000, kQ40, kQ40};

/// A sparse model file of the size of the shape.
class HollowModel {
public:
    explicit HollowModel(const Shape& shape) {
        writer_.key_text("general.architecture", "llama");
        key("embedding_length", shape.dim);
        key("block_count", shape.layers);
        key("attention.head_count", shape.heads);
        key("attention.head_count_kv", shape.kv_heads);
        key("feed_forward_length", shape.ffn);
        key("context_length", shape.context);
        writer_.key("llama.attention.layer_norm_rms_epsilon", 6, 1e-5F);
        const std::uint64_t kv_dim = std::uint64_t{shape.dim} / shape.heads * shape.kv_heads;
        tensor("token_embd.weight", {shape.dim, shape.vocab}, shape.type);
        if (!shape.tied) tensor("output.weight", {shape.dim, shape.vocab}, shape.type);
        tensor("output_norm.weight", {shape.dim}, kF32);
        for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
            const std::string at = "blk." + std::to_string(layer) + ".";
            tensor(at + "attn_norm.weight", {shape.dim}, kF32);
            tensor(at + "attn_q.weight", {shape.dim, shape.dim}, shape.type);
            tensor(at + "attn_k.weight", {shape.dim, kv_dim}, shape.type);
            tensor(at + "attn_v.weight", {shape.dim, kv_dim}, shape.other);
            tensor(at + "attn_output.weight", {shape.dim, shape.dim}, shape.type);
            tensor(at + "ffn_norm.weight", {shape.dim}, kF32);
            tensor(at + "ffn_gate.weight", {shape.dim, shape.ffn}, shape.type);
            tensor(at + "ffn_up.weight", {shape.dim, shape.ffn}, shape.type);
            tensor(at + "ffn_down.weight", {shape.ffn, shape.dim}, shape.other);
        }
        const std::string header = writer_.header();
        file_.write(header);
        std::filesystem::resize_file(file_.path(), (header.size() + 31) / 32 * 32 + offset_);
    }
    std::string path() const { return file_.path(); }

private:
    void key(const std::string& name, std::uint32_t value) { writer_.key("llama." + name, 4, value); }
    void tensor(const std::string& name, const std::vector<std::uint64_t>& dims, std::uint32_t type) {
        writer_.tensor(name, dims, type, offset_);
        const engine::formats::TensorLayout& layout = *engine::formats::layout_of(type);
        const std::uint64_t rows = dims.size() > 1 ? dims[1] : 1;
        offset_ += (dims[0] / layout.block_values * layout.block_bytes * rows + 31) / 32 * 32;
    }

    gguf_test::Writer writer_;
    gguf_test::TemporaryFile file_;
    std::uint64_t offset_ = 0;
};

/// A device with llvmpipe's limits, on a machine with `memory` bytes free.
DeviceInfo software_device(std::uint64_t memory) {
    DeviceInfo device;
    device.name = "a software device";
    device.type = "CPU";
    device.memory_bytes = 2 * kGiB;  // must not matter
    device.available_bytes = memory;
    device.max_allocation_bytes = 2 * kGiB;
    device.max_buffer_range = 128ULL << 20;
    device.max_texel_elements = 128ULL << 20;
    device.subgroup_size = 16;
    return device;
}

EngineOptions asked(std::uint64_t memory, std::uint32_t context = 0, std::uint32_t batch = 0) {
    EngineOptions options;
    options.memory_bytes = memory;
    options.context = context;
    options.batch_tokens = batch;
    return options;
}

MemoryUse planned(const HollowModel& model, const DeviceInfo& device, const EngineOptions& options = {}) {
    const engine::formats::gguf::Model file(model.path());
    const engine::llama::MemoryPlan plan =
        engine::llama::plan_memory(file, file.hyperparameters(options.context), options, device,
                                   engine::shaders::choose_family(device, options.kernels));
    const MemoryUse& use = plan.use;
    CHECK(use.total_bytes == use.weight_bytes + use.cache_bytes + use.scratch_bytes + use.logit_bytes);
    return use;
}

void check_allocation(const std::string& path) {
    kernel_families::for_each([&](engine::Kernels kernels) {
        for (const engine::Numerics numerics : {engine::Numerics::Exact, engine::Numerics::Fast}) {
            if (kernels == engine::Kernels::Gpu && numerics == engine::Numerics::Fast) continue;  // has none
            for (const std::uint32_t batch : {0U, 24U}) {
                CAPTURE(path);
                CAPTURE(batch);
                EngineOptions options;
                options.batch_tokens = batch;
                options.kernels = kernels;
                options.numerics = numerics;
                const engine::formats::gguf::Model file(path);
                const engine::llama::Forward forward(file, options);
                CHECK(forward.device().buffer_bytes() == forward.memory().total_bytes);
                options.transfers = engine::Transfers::Staged;
                const engine::llama::Forward staged(file, options);
                CHECK(staged.device().buffer_bytes() == staged.memory().total_bytes);
            }
        }
    });
}

}  // namespace

TEST_SUITE("engine.memory") {
    TEST_CASE("the allocated memory equals the plan for odd shapes and stacks of two types") {
        for (const Shape& shape :
             {Shape{48, 3, 6, 3, 172, 130, 267, kF32, kF32},  //
              Shape{40, 2, 5, 1, 100, 64, 300, kF16, kF32, true}, Shape{96, 2, 6, 2, 224, 700, 331, kQ40, kQ80},
              Shape{64, 1, 2, 1, 96, 33, 259, kQ80, kF16}}) {
            check_allocation(HollowModel(shape).path());
        }
    }

    TEST_CASE("the allocated memory equals the plan for a model with biases") {
        SmallModel model;
        model.vector("blk.0.attn_q.bias", SmallModel::kDim, 0);
        model.vector("blk.0.attn_output.bias", SmallModel::kDim, 0);
        model.vector("blk.1.ffn_up.bias", SmallModel::kFfn, 0);
        check_allocation(gguf_test::TemporaryFile(model.writer.str()).path());
    }

    TEST_CASE("the allocated memory equals the plan for files of every type") {
        for (const char* name : {"stories260K.gguf", "quant/a-BF16.gguf", "quant/a-Q2_K.gguf", "quant/a-Q3_K_M.gguf",
                                 "quant/a-Q4_K_M.gguf", "quant/a-Q5_1.gguf", "quant/a-Q6_K.gguf"}) {
            if (const auto path = shared_data(std::string("models/") + name)) check_allocation(path->string());
        }
    }

    TEST_CASE("the plan of Llama 2 shapes equals a hand calculation") {
        // Q4_0 takes 18 bytes for 32 weights; keys and values are f32.
        const MemoryUse small = planned(HollowModel(k7b), software_device(64 * kGiB));
        const std::uint64_t matrices = 32ULL * (4 * 4096 * 4096 + 3 * 4096 * 11008) + 32000ULL * 4096;
        CHECK(small.weight_bytes == matrices / 32 * 18 + 65ULL * 4096 * 4);
        CHECK(small.cache_bytes_per_token == 2ULL * 32 * 4096 * 4);
        const MemoryUse large = planned(HollowModel(k70b), software_device(64 * kGiB));
        CHECK(large.cache_bytes_per_token == 2ULL * 80 * 8 * 128 * 4);
    }

    TEST_CASE("a small model has a KV cache of 64 MiB for many sequences and a large one four contexts and batches") {
        constexpr Shape kSmall = {256, 2, 4, 4, 512, 512, 1000, kF16, kF16};
        const DeviceInfo device = software_device(100 * kGiB);
        CHECK(planned(HollowModel(kSmall), device).cache_tokens == (64ULL << 20) / (2ULL * 2 * 256 * 4));
        constexpr Shape kLarge = {2048, 22, 32, 4, 5632, 2048, 32000, kQ40, kQ40};
        CHECK(planned(HollowModel(kLarge), device).cache_tokens == 4 * (2048 + 512));
        // No more than a whole context for each token of a batch.
        CHECK(planned(HollowModel(kSmall), device, asked(0, 16, 64)).cache_tokens == 16 * 64);
    }

    TEST_CASE("every Llama 2 shape fits a software device with its whole context in batches of 512") {
        const Shape k13b = {5120, 40, 40, 40, 13824, 4096, 32000, kQ40, kQ40};
        for (const Shape& shape : {k7b, k13b, k70b}) {
            CAPTURE(shape.dim);
            const MemoryUse use = planned(HollowModel(shape), software_device(64 * kGiB));
            CHECK(use.refusal == "");
            CHECK(use.context == 4096);
            CHECK(use.batch_tokens == 512);
        }
    }

    TEST_CASE("a batch whose activations do not fit a binding becomes smaller") {
        const MemoryUse use = planned(HollowModel(k7b), software_device(64 * kGiB), asked(0, 0, 4096));
        CHECK(use.refusal == "");
        CHECK(use.batch_tokens < 4096);
        CHECK(use.batch_tokens * 22016ULL * 4 <= 128ULL << 20);  // gate and up of a token
        CHECK((use.batch_tokens + 16) * 22016ULL * 4 > 128ULL << 20);
    }

    TEST_CASE("a context whose keys do not fit a binding is refused and the one that the message names fits") {
        Shape shape = k7b;
        shape.context = 16384;
        const HollowModel model(shape);
        const MemoryUse refused = planned(model, software_device(64 * kGiB));
        const std::size_t at = refused.refusal.find("--context ");
        REQUIRE(at != std::string::npos);
        const auto context = static_cast<std::uint32_t>(std::stoul(refused.refusal.substr(at + 10)));
        CHECK(context > 4096);
        CHECK(planned(model, software_device(64 * kGiB), asked(0, context)).refusal == "");
    }

    TEST_CASE("a limit is respected or the model is refused") {
        const HollowModel model(k7b);
        const std::uint64_t weights = planned(model, software_device(64 * kGiB)).weight_bytes;
        std::uint64_t fitting = 0;
        std::uint32_t tokens = 0;
        for (std::uint64_t limit = kGiB; limit < 40 * kGiB; limit += 700'000'001) {
            const MemoryUse use = planned(model, software_device(64 * kGiB), asked(limit));
            CAPTURE(limit);
            CHECK((use.total_bytes <= limit) == use.refusal.empty());
            if (limit < weights) CHECK(use.refusal.find("the weights alone are too large") != std::string::npos);
            if (!use.refusal.empty()) continue;
            ++fitting;
            CHECK(use.cache_tokens >= use.context + use.batch_tokens);
            CHECK(use.cache_tokens >= tokens);
            tokens = use.cache_tokens;
        }
        CHECK(fitting > 30);
    }

    TEST_CASE("no options make a plan use more memory than the device has free") {
        const HollowModel model(k7b);
        const MemoryUse use = planned(model, software_device(10 * kGiB), asked(30 * kGiB));
        CHECK(use.refusal == "");
        CHECK(use.total_bytes <= 10 * kGiB);
        CHECK(planned(model, software_device(4 * kGiB), asked(30 * kGiB)).refusal != "");
    }

    TEST_CASE(
        "without a limit a model that fits the machine is not refused because a CPU device reports a small heap") {
        const MemoryUse use = planned(HollowModel(k70b), software_device(48 * kGiB));
        CHECK(use.refusal == "");
        CHECK(use.total_bytes > 36 * kGiB);
        CHECK(planned(HollowModel(k70b), software_device(32 * kGiB)).refusal != "");
    }

    TEST_CASE("a model that does not fit is refused before it is read") {
        const HollowModel model(k70b);  // 36 GiB, so that reading it would be noticed
        const engine::formats::gguf::Model file(model.path());
        bool loading = false;
        try {
            const engine::llama::Forward forward(file, asked(8 * kGiB), [&loading] { loading = true; });
            FAIL("it was opened");
        } catch (const EngineError& error) {
            const std::string message = error.what();
            CHECK(error.kind() == EngineError::Kind::Input);
            for (const char* part : {"weights", "KV cache", "activations", "logits", "--memory", "8589934592"}) {
                CAPTURE(part);
                CHECK(message.find(part) != std::string::npos);
            }
        }
        CHECK(!loading);
    }
}
