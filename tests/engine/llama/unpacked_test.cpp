#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/gguf_writer.hpp"
#include "tests/engine/shared_data.hpp"

namespace {

using GgufFile = engine::formats::gguf::File;
using engine::formats::TensorInfo;

/// The same model with every tensor unpacked to F32 by the file reader. The metadata bytes are kept.
void write_unpacked(const std::string& source, const std::string& target) {
    const GgufFile file(source);
    std::string data;
    gguf_test::Bytes tensors;
    for (const TensorInfo& tensor : file.tensors()) {
        std::vector<float> values(tensor.columns() * tensor.rows());
        engine::formats::layout_of(tensor.type).unpack(file.data(tensor), values);
        tensors.text(tensor.name).add(static_cast<std::uint32_t>(tensor.dims.size()));
        for (const std::uint64_t extent : tensor.dims) tensors.add(extent);
        tensors.add(std::uint32_t{0}).add(std::uint64_t{data.size()});
        data.append(reinterpret_cast<const char*>(values.data()), values.size() * 4);
        data.resize((data.size() + 31) / 32 * 32);
    }
    // The metadata ends at the first tensor's entry, which begins with the length and text of its name.
    const std::string bytes(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    const std::size_t first = bytes.find(gguf_test::Bytes().text(file.tensors()[0].name).str());
    std::string out = bytes.substr(0, first) + tensors.str();
    out.resize((out.size() + 31) / 32 * 32);
    std::ofstream(target, std::ios::binary) << out << data;
}

double score(const std::string& path, std::vector<double>& logprobs) {
    const auto model = engine::open_model(path);
    engine::ScoreRequest request{{1}, {}};
    for (engine::TokenId id = 3; request.continuation.size() < 120; id = (id * 5 + 7) % 500 + 3)
        request.continuation.push_back(id);
    const auto result = model->score({&request, 1}).at(0);
    for (const auto& token : result.tokens) logprobs.push_back(token.logprob);
    return result.logprob();
}

}  // namespace

TEST_SUITE("engine.unpacked") {
    TEST_CASE("kernels of the IQ4 types agree with the same weights unpacked to F32") {
        const Temporary folder;
        const std::string target = folder / "f32.gguf";
        for (const char* name : {"models/quant/a-IQ4_NL.gguf", "models/quant/a-IQ4_XS.gguf"}) {
            const auto source = shared_data(name);
            if (!source) return;
            CAPTURE(std::string(name));
            write_unpacked(source->string(), target);
            std::vector<double> quantised;
            std::vector<double> floats;
            score(source->string(), quantised);
            score(target, floats);
            double worst = 0;
            for (std::size_t i = 0; i < floats.size(); ++i) worst = std::max(worst, std::abs(floats[i] - quantised[i]));
            MESSAGE(std::string(name), ": largest difference ", worst);
            CHECK(worst < 1e-4);  // the same numbers up to rounding
        }
    }
}
