#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <string>

#include "engine/base/sha256.hpp"
#include "engine/language_model.hpp"
#include "engine/model_summary.hpp"
#include "tests/engine/gguf_writer.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/support/files.hpp"

using engine::summarise_model;
using gguf_test::TemporaryFile;

TEST_SUITE("engine.model_summary") {
    TEST_CASE("a fingerprint that is computed only when it is asked for is that of the file") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        engine::EngineOptions options;
        options.fingerprint = engine::Fingerprint::WhenAsked;
        const auto model = engine::open_model(path->string(), options);
        CHECK(model->context_length() == 512);
        const std::string bytes = content_of(path->string());
        CHECK(model->card().fingerprint == engine::base::sha256_hex(std::as_bytes(std::span(bytes))));
    }

    TEST_CASE("a summary has the numbers of the model") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const engine::ModelSummary summary = summarise_model(path->string());
        CHECK(summary.format == "GGUF v3");
        CHECK(summary.architecture == "llama");
        // Of the model's card: 260,032 parameters without the output matrix, which is the embedding table.
        CHECK(summary.dim == 64);
        CHECK(summary.layers == 5);
        CHECK(summary.heads == 8);
        CHECK(summary.kv_heads == 4);
        CHECK(summary.head_dim == 8);
        CHECK(summary.ffn == 172);
        CHECK(summary.context_length == 512);
        CHECK(summary.kv_bytes_per_token == 2 * 4 * 5 * 4 * 8);
        std::uint64_t parameters = 0;
        std::uint64_t bytes = 0;
        for (const engine::TensorSummary& tensor : summary.tensors) {
            std::uint64_t values = 1;
            for (const std::uint64_t extent : tensor.dims) values *= extent;
            parameters += values;
            bytes += tensor.size_bytes;
        }
        CHECK(summary.parameters == parameters);
        CHECK(summary.weight_bytes == bytes);
        CHECK(summary.fingerprint == engine::open_model(path->string())->card().fingerprint);
    }

    TEST_CASE("a vocabulary-only file has a summary that says so") {
        const TemporaryFile file(gguf_test::SmallVocabulary().writer().str());
        const engine::ModelSummary summary = summarise_model(file.path());
        CHECK(summary.dim == 0);
        CHECK(summary.tensors.empty());
        const auto says = [&](const char* text) {
            return std::find(summary.warnings.begin(), summary.warnings.end(), text) != summary.warnings.end();
        };
        CHECK(says("the file holds no tensors: a vocabulary only"));
        CHECK_FALSE(says("the file has no tokenizer"));
    }

    TEST_CASE("impossible numbers are shown unchanged and not refused") {
        gguf_test::Writer writer = gguf_test::SmallVocabulary().writer();
        writer.key("llama.embedding_length", std::uint32_t{4}, 7U)
            .key("llama.attention.head_count", std::uint32_t{4}, 0U);
        const TemporaryFile file(writer.str());
        const engine::ModelSummary summary = summarise_model(file.path());
        CHECK(summary.dim == 7);
        CHECK(summary.head_dim == 0);
    }

    TEST_CASE("a file that is not a model has no summary") {
        const TemporaryFile file("not a model at all");
        CHECK_THROWS_WITH_AS(summarise_model(file.path()), doctest::Contains("not a GGUF file"), engine::EngineError);
    }
}
