#include "engine/base/part_file.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

namespace {

using engine::base::PartFile;
using Names = std::vector<std::string>;

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

}  // namespace

TEST_SUITE("engine.base") {
    TEST_CASE("a cache file is renamed when it is finished and removed when it is not") {
        const Temporary folder;
        {
            const PartFile part(folder / "deep/w");
            part.write(bytes("lo"), 3);
            part.write(bytes("hel"), 0);
            CHECK_FALSE(std::filesystem::exists(folder / "deep/w"));
            part.finish();
        }
        CHECK(content_of(folder / "deep/w") == "hello");
        { PartFile(folder / "deep/w").write(bytes("other"), 0); }
        CHECK(content_of(folder / "deep/w") == "hello");
        CHECK(names_in(folder / "deep") == Names{"w"});
    }

    TEST_CASE("a cache file left by a killed process is removed by the next writer of its name") {
        const Temporary folder;
        for (const char* name : {"w", "other"}) {
            CHECK(in_child([&] {
                      const PartFile part(folder / name);
                      part.write(bytes("half"), 0);
                      kill(getpid(), SIGKILL);
                      return 0;
                  }) == -SIGKILL);
        }
        put(folder / "w.part", "the user's");
        const PartFile first(folder / "w");
        {
            // The part of a writer that is alive stays.
            const PartFile second(folder / "w");
            second.write(bytes("second"), 0);
            second.finish();
        }
        first.write(bytes("first"), 0);
        first.finish();
        CHECK(content_of(folder / "w") == "first");
        const Names names = names_in(folder.path());
        REQUIRE(names.size() == 3);
        CHECK(names[0].starts_with("other."));
        CHECK(names[1] == "w");
        CHECK(names[2] == "w.part");
    }
}
