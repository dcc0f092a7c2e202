#include <doctest/doctest.h>

#include <cstring>
#include <fstream>
#include <limits>

#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/support/temporary.hpp"

namespace {

/// A copy of a model of F32 weights with one of them changed.
void write_with(const std::string& source, const std::string& target, const std::string& tensor, std::size_t index,
                float value) {
    const engine::formats::gguf::File file(source);
    std::string bytes(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    const auto offset = static_cast<std::size_t>(file.data(*file.find(tensor)).data() - file.bytes().data());
    std::memcpy(&bytes[offset + index * 4], &value, 4);
    std::ofstream(target, std::ios::binary) << bytes;
}

/// Whether a call says that the network's results are not numbers.
template <class Call>
bool complains(const Call& call) {
    try {
        call();
    } catch (const engine::EngineError& error) {
        CHECK(error.kind() == engine::EngineError::Kind::Device);
        return std::string(error.what()).find("not finite numbers") != std::string::npos;
    }
    return false;
}

engine::GenerateRequest prompt(const std::vector<engine::TokenId>& ids, float temperature) {
    return {.prompt = ids, .max_tokens = 3, .stop = {}, .sampling = {.temperature = temperature}};
}

}  // namespace

TEST_SUITE("engine.numbers") {
    TEST_CASE("a model whose results are not numbers answers with an error and not with a score or a text") {
        const auto source = shared_data("models/stories260K.gguf");
        if (!source) return;
        const Temporary folder;
        const std::string path = folder / "model.gguf";
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float infinity = std::numeric_limits<float>::infinity();
        kernel_families::for_each([&](engine::Kernels kernels) {
            if (kernels == engine::Kernels::GpuDot || kernels == engine::Kernels::GpuMatrix) return;  // as Gpu
            for (const float value : {nan, infinity, -infinity}) {
                CAPTURE(value);
                write_with(source->string(), path, "output_norm.weight", 3, value);
                const auto model = engine::open_model(path, {.device = "", .kernels = kernels});
                const engine::ScoreRequest score{{1, 50}, {60, 70}};
                const engine::GenerateRequest greedy = prompt({1, 50}, 0);
                const engine::GenerateRequest drawn = prompt({1, 50}, 1);
                const std::vector<engine::TokenId> ids = {1, 50};
                CHECK(complains([&] { model->score({&score, 1}); }));
                CHECK(complains([&] { model->generate({&greedy, 1}); }));
                CHECK(complains([&] { model->generate({&drawn, 1}); }));
                CHECK(complains([&] { model->hidden_states({&ids, 1}, {.layer = model->card().layers}); }));
            }
        });
    }

    TEST_CASE("a token embedding that is not a number affects only texts that contain the token") {
        const auto source = shared_data("models/stories260K.gguf");
        if (!source) return;
        const Temporary folder;
        const std::string path = folder / "model.gguf";
        const engine::formats::gguf::File file(source->string());
        const std::size_t width = file.find("token_embd.weight")->columns();
        write_with(source->string(), path, "token_embd.weight", 300 * width, std::numeric_limits<float>::quiet_NaN());
        const auto whole = engine::open_model(source->string());
        const auto model = engine::open_model(path);
        const engine::ScoreRequest sound{{1, 50}, {60, 70}};
        const engine::ScoreRequest spoilt{{1, 300, 50}, {60, 70}};
        CHECK(model->score({&sound, 1}).at(0).logprob() == whole->score({&sound, 1}).at(0).logprob());
        CHECK(complains([&] { model->score({&spoilt, 1}); }));
        CHECK(model->score({&sound, 1}).at(0).logprob() == whole->score({&sound, 1}).at(0).logprob());
        const std::vector<engine::TokenId> ids = {1, 300, 50};
        CHECK(complains([&] { model->hidden_states({&ids, 1}, {.layer = model->card().layers}); }));
    }
}
