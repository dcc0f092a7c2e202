#include <doctest/doctest.h>

#include <set>

#include "tests/architecture/rooms.hpp"

using architecture::included;
using architecture::Line;
using architecture::Table;

namespace {

/// The headers in the root of engine contain only types and declarations; their sources connect the folders. shaders
/// uses formats for the list of block types, from which its kernels are generated.
const Table kEngine = {
    {"engine", {}},
    {"engine/base", {}},
    {"engine/formats", {"engine", "engine/base"}},
    {"engine/text", {"engine", "engine/formats"}},
    {"engine/vulkan", {"engine", "engine/base"}},
    {"engine/shaders", {"engine", "engine/base", "engine/formats", "engine/vulkan"}},
    {"engine/llama", {"engine", "engine/base", "engine/formats", "engine/shaders", "engine/vulkan"}},
    {"engine/scheduler", {"engine", "engine/llama"}},
    {"engine/*.cpp",
     {"engine", "engine/base", "engine/formats", "engine/llama", "engine/scheduler", "engine/shaders", "engine/text",
      "engine/vulkan"}},
    {"engine/bench",
     {"engine", "engine/base", "engine/formats", "engine/llama", "engine/scheduler", "engine/shaders", "engine/text",
      "engine/vulkan"}},
};

/// The only headers of engine that other folders may include.
const std::set<std::string_view> kFace = {
    "engine/bench/bench.hpp", "engine/chat.hpp",       "engine/devices.hpp",       "engine/language_model.hpp",
    "engine/licence.hpp",     "engine/memory_use.hpp", "engine/model_summary.hpp", "engine/next_logits.hpp",
};

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a room of engine includes only the rooms that it may know") {
        architecture::check_table(kEngine, "engine");
    }

    TEST_CASE("other folders see only the public headers of engine") {
        std::set<std::string> seen;
        for (const char* folder : {"harness", "safety", "suites", "reports", "tests"}) {
            for (const Line& line : architecture::lines_under(folder)) {
                const std::string target(included(line.text));
                const bool own_tests = line.file.starts_with("tests/engine/") || line.file.starts_with("tests/bench/");
                if (!target.starts_with("engine/") || own_tests) continue;
                INFO(line.file, " includes ", target);
                CHECK(kFace.contains(target));
                seen.insert(target);
            }
        }
        for (const std::string_view header : kFace) {
            INFO(header, " is public, but nobody needs it");
            CHECK(seen.contains(std::string(header)));
        }
    }
}
