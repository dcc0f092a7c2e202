#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/base/part_file.hpp"
#include "engine/base/sha256.hpp"
#include "engine/formats/gguf/model.hpp"
#include "engine/llama/arranged_weights.hpp"
#include "engine/llama/memory_plan.hpp"
#include "engine/llama/weights.hpp"
#include "engine/vulkan/buffer.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/support/temporary.hpp"

namespace {

namespace fs = std::filesystem;
using engine::EngineOptions;
using engine::Transfers;
using Gguf = engine::formats::gguf::Model;
using engine::formats::MappedFile;
using engine::llama::Weights;
using engine::vulkan::Buffer;
using engine::vulkan::Device;

std::vector<double> logprobs(const std::string& path, const EngineOptions& options) {
    const engine::ScoreRequest request{{1, 30, 31, 32, 77, 300}, {5, 6, 7, 8}};
    const engine::ScoreResult result = engine::open_model(path, options)->score({&request, 1}).at(0);
    std::vector<double> values;
    for (const auto& token : result.tokens) values.push_back(token.logprob);
    return values;
}

EngineOptions with_cache(const std::string& folder, Transfers transfers = Transfers::Automatic) {
    EngineOptions options;
    options.weights_cache = folder;
    options.transfers = transfers;
    return options;
}

/// The only file of a folder.
fs::path only_file(const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    REQUIRE(files.size() == 1);
    return files.front();
}

void overwrite(const fs::path& path, std::size_t offset, char byte) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
}

}  // namespace

TEST_SUITE("engine.arranged_weights") {
    TEST_CASE("host memory that a device can import is used in place") {
        const Device device("");
        if (device.info().features.host_import_alignment == 0 || device.info().staged) {
            MESSAGE("skipped: ", device.info().name, " does not take memory of the host");
            return;
        }
        const Temporary folder;
        std::ofstream(folder / "bytes", std::ios::binary) << std::string(262'144, 'x');
        const MappedFile file(folder / "bytes");
        const auto part = file.bytes().first(100'000);
        const auto buffer = Buffer::of_host(device, part, engine::vulkan::Texels::Uint4);
        REQUIRE(buffer.has_value());
        CHECK(buffer->as<const std::byte>().data() == part.data());
        CHECK(device.buffer_bytes() == part.size());
        CHECK_FALSE(Buffer::of_host(device, file.bytes().subspan(16, 64), engine::vulkan::Texels::Uint4).has_value());
    }

    TEST_CASE("cached weights give the same bits as uncached ones and the file is not changed") {
        for (const char* name : {"models/stories260K.gguf", "models/quant/a-Q4_K_M.gguf", "models/quant/a-Q5_1.gguf"}) {
            const auto path = shared_data(name);
            if (!path) return;
            CAPTURE(name);
            const std::vector<double> expected = logprobs(path->string(), {});
            const Temporary folder;
            CHECK(logprobs(path->string(), with_cache(folder / "kept")) == expected);
            const fs::path file = only_file(folder / "kept");
            const auto written = fs::last_write_time(file);
            CHECK(logprobs(path->string(), with_cache(folder / "kept")) == expected);
            CHECK(logprobs(path->string(), with_cache(folder / "kept", Transfers::Staged)) == expected);
            CHECK(fs::last_write_time(only_file(folder / "kept")) == written);
        }
    }

    TEST_CASE("matrices stay in the cached file if the device can import host memory") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        const Device device("");
        if (device.info().features.host_import_alignment == 0 || device.info().staged) return;
        const Temporary folder;
        const Gguf file(path->string());
        const auto plan = engine::llama::plan_weights(file, file.hyperparameters(0), device.info().subgroup_size);
        const Weights weights = Weights::load(device, file, plan, folder / "");
        REQUIRE(weights.arranged.has_value());
        CHECK(weights.layers.at(0).qkv.matrices.at(0).buffer.as<const std::byte>().data() ==
              weights.arranged->matrix(0).data());
        const std::size_t last = plan.matrices().size() - 1;
        CHECK(weights.output.matrices.back().buffer.as<const std::byte>().data() ==
              weights.arranged->matrix(last).data());
        CHECK(device.buffer_bytes() == plan.bytes());
    }

    TEST_CASE("a cached file that is damaged or truncated is written again") {
        const auto path = shared_data("models/quant/a-Q4_K_M.gguf");
        if (!path) return;
        const Temporary folder;
        const std::vector<double> expected = logprobs(path->string(), with_cache(folder / "kept"));
        const fs::path file = only_file(folder / "kept");
        const std::string whole = read_all(file);
        // The header has a new key each time.
        const std::string weights = whole.substr(engine::llama::kArrangedAlign);
        const auto check_repaired = [&](const char* what) {
            CAPTURE(what);
            const std::string damaged = read_all(file);
            CHECK(logprobs(path->string(), with_cache(folder / "kept")) == expected);
            CHECK(read_all(only_file(folder / "kept")) != damaged);
            CHECK(read_all(only_file(folder / "kept")).substr(engine::llama::kArrangedAlign) == weights);
        };
        const auto change = [&](std::size_t offset) {
            const std::string now = read_all(file);
            overwrite(file, offset, now[offset] == '0' ? '1' : '0');
        };
        overwrite(file, whole.size() / 2, static_cast<char>(whole[whole.size() / 2] ^ 1));
        check_repaired("a bit of a weight");
        const std::size_t key = whole.find('\n') + 1;
        change(key);
        check_repaired("a digit of the key");
        overwrite(file, key, 'x');
        check_repaired("no digit in the key");
        change(key + 33);
        check_repaired("a digit of the model's code");
        change(key + 66);
        check_repaired("a digit of the weights' code");
        overwrite(file, 0, 'B');
        check_repaired("the title of another version");
        fs::resize_file(file, whole.size() - 1);
        check_repaired("a byte short");
        fs::resize_file(file, 0);
        check_repaired("empty");
    }

    TEST_CASE("weights of a model that differs in one byte are not used even if the file's name is the same") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const Temporary folder;
        const fs::path changed = folder / "changed.gguf";
        const std::string whole = read_all(*path);
        std::ofstream(changed, std::ios::binary) << whole;
        logprobs(changed.string(), with_cache(folder / "kept"));
        const fs::path file = only_file(folder / "kept");
        // The sign and exponent of an f32, halfway between two of the 64 samples of 4 KiB that the name covers.
        const std::size_t stride = (whole.size() - 4096) / 63;
        overwrite(changed, (40 * stride + 4096 + (stride - 4096) / 2) | 3, 0x3f);
        const std::vector<double> expected = logprobs(changed.string(), {});
        CHECK(expected != logprobs(path->string(), {}));
        CHECK(logprobs(changed.string(), with_cache(folder / "kept")) == expected);
        CHECK(only_file(folder / "kept") == file);
    }

    TEST_CASE("bytes in an order that the kernels do not use are noticed even if the checksums match") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const Temporary folder;
        const Device device("");
        const std::vector<double> expected = logprobs(path->string(), {});
        const Gguf model(path->string());
        const auto plan = engine::llama::plan_weights(model, model.hyperparameters(0), device.info().subgroup_size);
        const std::string file = engine::llama::arranged_path(folder / "", model, plan, device.info().subgroup_size);
        // As if written by an older program with another order.
        engine::llama::ArrangedWeights::write(file, plan, model,
                                              [](const auto& /*matrix*/, std::span<std::byte> bytes) {
                                                  std::fill(bytes.begin(), bytes.end(), std::byte{1});
                                              });
        CHECK(logprobs(path->string(), with_cache(folder / "")) == expected);
    }

    TEST_CASE("two writers of one file do not disturb each other and the last one to finish wins") {
        const Temporary folder;
        const std::string path = folder / "file";
        const auto bytes_of = [](const std::string& text) { return std::as_bytes(std::span(text)); };
        {
            const engine::base::PartFile first(path);
            first.write(bytes_of("first, whole"), 0);
            const engine::base::PartFile second(path);  // like a process with the same id in another container
            second.write(bytes_of("second"), 0);
            first.finish();
            CHECK(read_all(path) == "first, whole");
            second.finish();
            CHECK(read_all(path) == "second");
            const engine::base::PartFile third(path);
            third.write(bytes_of("third, not finished"), 0);
        }
        CHECK(read_all(only_file(folder / "")) == "second");
    }

    TEST_CASE("a folder that cannot be created is an error that names it and what to do") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const Temporary folder;
        std::ofstream(folder / "file") << "x";
        try {
            logprobs(path->string(), with_cache(folder / "file"));
            FAIL("no error");
        } catch (const engine::EngineError& error) {
            const std::string message = error.what();
            CHECK(error.kind() == engine::EngineError::Kind::Input);
            CHECK(message.find(folder / "file") != std::string::npos);
            CHECK(message.find("without --weights-cache") != std::string::npos);
        }
    }
}
