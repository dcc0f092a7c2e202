// Files that are shortened or overwritten while a model is open.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "engine/language_model.hpp"
#include "tests/engine/small_model.hpp"
#include "tests/support/temporary.hpp"

using engine::EngineError;
using gguf_test::TemporaryFile;

namespace {

/// The error of a score that must fail; empty if it succeeds.
std::string complaint(engine::LanguageModel& model) {
    const engine::ScoreRequest request{{1, 260}, {261, 262}};
    try {
        model.score({&request, 1});
        return "";
    } catch (const EngineError& error) {
        CHECK(error.kind() == EngineError::Kind::Device);
        return error.what();
    }
}

}  // namespace

TEST_SUITE("engine.changed_file") {
    TEST_CASE("a model file that is shortened while it is open is an error of every later call") {
        const TemporaryFile file(SmallModel().writer.str());
        const auto model = engine::open_model(file.path());
        CHECK(complaint(*model) == "");
        std::filesystem::resize_file(file.path(), 100);
        CHECK(complaint(*model).find("changed while it was in use") != std::string::npos);
        CHECK(complaint(*model).find(file.path()) != std::string::npos);
    }

    TEST_CASE("kept weights that are shortened while they are in use are an error of the call") {
        const TemporaryFile file(SmallModel().writer.str());
        const Temporary folder;
        engine::EngineOptions options;
        options.weights_cache = folder.path();
        const auto model = engine::open_model(file.path(), options);
        CHECK(complaint(*model) == "");
        for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
            std::filesystem::resize_file(entry.path(), 70'000);
        CHECK(complaint(*model).find(".weights: the file was changed while it was in use") != std::string::npos);
        // The cache file is written again.
        CHECK(complaint(*engine::open_model(file.path(), options)) == "");
    }
}
