#include "harness/cli/values.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "harness/cli/rate.hpp"
#include "suites/suggestion.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::cli;
using suites::nearest;

namespace {

std::vector<std::string> files(const std::vector<std::string>& words) {
    std::vector<std::string> values;
    file_list(values)(words);
    return values;
}

std::uint64_t bytes(const std::string& word) {
    std::uint64_t value = 0;
    byte_count(value)({word});
    return value;
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("a comma divides a list of files unless it is quoted or part of a file's name") {
        using Words = std::vector<std::string>;
        CHECK(files({"a.gguf,b.gguf"}) == Words{"a.gguf", "b.gguf"});
        CHECK(files({"a.gguf", "b.gguf,c.gguf"}) == Words{"a.gguf", "b.gguf", "c.gguf"});
        CHECK(files({"\"a,b.gguf\""}) == Words{"a,b.gguf"});
        CHECK(files({"\"a,b.gguf\",demo:base,\"c,d,e\""}) == Words{"a,b.gguf", "demo:base", "c,d,e"});
        CHECK(files({"it\"s.gguf,b"}) == Words{"it\"s.gguf", "b"});    // a quote inside a name
        CHECK(files({"\"open.gguf,b"}) == Words{"\"open.gguf", "b"});  // no second quote
        CHECK(files({"a,,b,"}) == Words{"a", "b"});

        const Temporary folder;
        std::filesystem::create_directory(folder / "with, comma");
        put(folder / "with, comma/m.gguf", "x");
        put(folder / "one,two,three.gguf", "x");
        CHECK(files({folder / "with, comma/m.gguf"}) == Words{folder / "with, comma/m.gguf"});
        CHECK(files({(folder / "one,two,three.gguf") + ",b"}) == Words{folder / "one,two,three.gguf", "b"});
        CHECK(files({"b," + (folder / "with, comma/m.gguf") + ",c"}) == Words{"b", folder / "with, comma/m.gguf", "c"});
        CHECK_THROWS_AS(files({","}), ValueError);
        CHECK_THROWS_AS(files({""}), ValueError);
    }

    TEST_CASE("sizes have units of powers of 1024") {
        CHECK(bytes("0") == 0);
        CHECK(bytes("1073741824") == 1073741824);
        CHECK(bytes("8G") == 8589934592);
        CHECK(bytes("500m") == 524288000);
        CHECK(bytes("64KiB") == 65536);
        CHECK(bytes("2TB") == 2199023255552);
        CHECK(bytes("12B") == 12);
        for (const char* wrong :
             {"", "G", "-1", "1.5G", "8 G", "8X", "8GG", "18446744073709551616", "99999999P", "iB"}) {
            CAPTURE(std::string(wrong));
            CHECK_THROWS_AS(bytes(wrong), ValueError);
        }
    }

    TEST_CASE("numbers are integers within their bounds") {
        std::optional<std::size_t> limit;
        whole_number(limit, 1)({"18446744073709551615"});
        CHECK(limit == 18446744073709551615U);
        std::uint32_t small = 0;
        whole_number(small)({"4294967295"});
        CHECK(small == 4294967295U);
        for (const char* wrong : {"", " 1", "1 ", "+1", "-1", "1.0", "0x10", "1e3", "4294967296", "one"}) {
            CAPTURE(std::string(wrong));
            CHECK_THROWS_AS(whole_number(small)({wrong}), ValueError);
        }
        CHECK_THROWS_AS(whole_number(limit, 1)({"0"}), ValueError);
        double share = 0;
        real_number(share, 0, 1)({"0.25"});
        CHECK(share == 0.25);
        for (const char* wrong : {"", "nan", "inf", "-0.1", "1.1", "0.5x", "1e999", "0,5"}) {
            CAPTURE(std::string(wrong));
            CHECK_THROWS_AS(real_number(share, 0, 1)({wrong}), ValueError);
        }
    }

    TEST_CASE("the nearest word is found across case and hyphens and swapped letters") {
        CHECK(nearest("--suites", {"--suite", "--db"}) == "--suite");
        CHECK(nearest("fats", {"exact", "fast"}) == "fast");
        CHECK(nearest("ARC_easy", {"arc_easy", "arc_challenge"}) == "arc_easy");
        CHECK(nearest("--max_token", {"--max-tokens", "--top-k"}) == "--max-tokens");
        CHECK(nearest("exprot", {"import", "export", "report"}) == "export");
        CHECK(nearest("run", {"runs"}) == "runs");
        CHECK_FALSE(nearest("fly", {"list", "show"}));
        CHECK_FALSE(nearest("", {"a"}));
        CHECK_FALSE(nearest(std::string(100000, 'x'), {"arc_easy"}));
        CHECK(suites::suggestion("zzz", {"exact", "fast"}) == "; known: exact, fast");
    }

    TEST_CASE("the rate is the mean at first and follows a change of pace without jumping") {
        Rate rate;
        CHECK(rate.per_second() == 0);
        rate.add(32, 8);
        CHECK(rate.per_second() == doctest::Approx(4));
        rate.add(32, 8);
        CHECK(rate.per_second() == doctest::Approx(4));
        rate.add(32, 16);  // one batch at half the pace
        // Work done t seconds ago has weight exp(-t / 60): 77.95 items in 27.49 seconds.
        CHECK(rate.per_second() == doctest::Approx(2.836).epsilon(0.001));
        for (int i = 0; i < 100; ++i) rate.add(32, 16);
        CHECK(rate.per_second() == doctest::Approx(2).epsilon(0.001));
    }
}
