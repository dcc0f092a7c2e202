#include "harness/ladder/candidates.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "harness/base/usage_error.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::UsageError;
using harness::ladder::Candidate;
using harness::ladder::candidates;

namespace {

std::vector<std::string> names_of(const std::vector<Candidate>& models) {
    std::vector<std::string> names;
    names.reserve(models.size());
    for (const Candidate& model : models) names.push_back(model.name);
    return names;
}

/// The mistakes of a call that must be refused.
std::vector<std::string> mistakes_of(const std::vector<std::string>& models, const std::string& reference = "") {
    try {
        candidates(models, reference, 0);
    } catch (const UsageError& error) {
        return error.mistakes();
    }
    FAIL("the models were accepted");
    return {};
}

}  // namespace

TEST_SUITE("harness.ladder") {
    TEST_CASE("the reference has the most bits per weight and the others follow by size") {
        const auto folder = shared_data("models/quant");
        if (!folder) return;
        const auto path = [&folder](const char* type) {
            return (*folder / (std::string("a-") + type + ".gguf")).string();
        };
        const std::vector<std::string> models = {path("Q4_0"), path("BF16"), path("F32"), path("Q2_K"), path("F16")};
        CHECK(names_of(candidates(models, "", 0)) ==
              std::vector<std::string>{"a-F32", "a-BF16", "a-F16", "a-Q4_0", "a-Q2_K"});
        // Of equal ones the first, and one that was asked for, whatever its size.
        CHECK(names_of(candidates({path("Q2_K"), path("F16"), path("BF16")}, "", 0)).front() == "a-F16");
        CHECK(names_of(candidates(models, path("Q4_0"), 0)) ==
              std::vector<std::string>{"a-Q4_0", "a-F32", "a-BF16", "a-F16", "a-Q2_K"});
    }

    TEST_CASE("a model that is named twice is there once and equal names are told apart") {
        const Temporary folder;
        const auto path = shared_data("models/quant/a-Q4_0.gguf");
        if (!path) return;
        std::filesystem::create_symlink(*path, folder / "link.gguf");
        CHECK(candidates({path->string(), path->string(), folder / "link.gguf"}, path->string(), 0).size() == 1);
        std::filesystem::copy(*path, folder / "a-Q4_0.gguf");
        CHECK(names_of(candidates({path->string(), folder / "a-Q4_0.gguf"}, "", 0)) ==
              std::vector<std::string>{path->string(), folder / "a-Q4_0.gguf"});
        CHECK(names_of(candidates({"demo:base", "demo:chat", "demo:base"}, "", 0)) ==
              std::vector<std::string>{"demo:base", "demo:chat"});
    }

    TEST_CASE("every file that cannot be read is named before anything is computed") {
        const Temporary folder;
        put(folder / "empty.gguf", "");
        put(folder / "text.gguf", "not a model");
        const std::vector<std::string> mistakes =
            mistakes_of({"demo:base", folder / "empty.gguf", folder / "text.gguf", folder / "missing.gguf"});
        REQUIRE(mistakes.size() == 3);
        CHECK(mistakes[0].find("empty.gguf") != std::string::npos);
        CHECK(mistakes[1].find("text.gguf") != std::string::npos);
        CHECK(mistakes[2].find("missing.gguf") != std::string::npos);
    }

    TEST_CASE("a model with another vocabulary is refused with the difference") {
        const auto path = shared_data("models/quant/a-Q4_0.gguf");
        if (!path) return;
        const std::vector<std::string> mistakes = mistakes_of({path->string(), "demo:base"}, "demo:base");
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].find("a-Q4_0 has ") == 0);
        CHECK(mistakes[0].find("cannot be compared") != std::string::npos);
    }
}
