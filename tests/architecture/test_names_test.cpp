#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/files.hpp"

namespace {

const std::filesystem::path kTests = std::filesystem::path(BELLWETHER_SOURCE_DIR) / "tests";

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
    std::vector<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
        found.push_back((*match)[1]);
    return found;
}

/// The names of all test cases in a source text; a name may be written as several strings.
std::vector<std::string> test_names(const std::string& source) {
    static const std::regex kCase(R"re(TEST_CASE\w*\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+))re");
    static const std::regex kString(R"re("((?:[^"\\]|\\.)*)")re");
    std::vector<std::string> names;
    for (const std::string& strings : matches(source, kCase)) {
        std::string name;
        for (const std::string& part : matches(strings, kString)) name += part;
        names.push_back(name);
    }
    return names;
}

struct Source {
    std::string file;
    std::string text;
};

std::vector<Source> test_sources() {
    std::vector<Source> sources;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kTests)) {
        if (entry.path().extension() == ".cpp") sources.push_back({entry.path().string(), content_of(entry.path())});
    }
    return sources;
}

/// Whether a doctest pattern with stars covers a name.
bool covers(const std::string& pattern, const std::string& name) {
    static const std::regex kSpecial(R"re([.^$|()\[\]{}+?\\])re");
    const std::string escaped = std::regex_replace(pattern, kSpecial, R"(\$&)");
    return std::regex_match(name, std::regex(std::regex_replace(escaped, std::regex(R"(\*)"), ".*")));
}

std::vector<std::string> split(const std::string& list) {
    return matches(list, std::regex("([^,]+)"));
}

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a name of a test is found in one or several strings") {
        CHECK(test_names("TEST_CASE(\"a\") {} TEST_CASE_TEMPLATE(\n \"b, \"\n \"c\", T, int) {}") ==
              std::vector<std::string>{"a", "b, c"});
        CHECK(covers("a (b)*,", "a (b) c,"));
        CHECK_FALSE(covers("a*", "b a"));
    }

    // Discovery gives a test with a comma in its name no label, so that 'ctest -L' leaves it out without a word; other
    // characters are special in CMake's lists or in doctest's patterns.
    TEST_CASE("every test has a suite and no special character in its name so that ctest labels it") {
        std::size_t seen = 0;
        for (const Source& source : test_sources()) {
            const std::vector<std::string> names = test_names(source.text);
            seen += names.size();
            CAPTURE(source.file);
            if (source.file.find("/test_names_test.cpp") != std::string::npos) continue;
            if (!names.empty()) CHECK(source.text.find("TEST_SUITE(\"") < source.text.find("TEST_CASE"));
            for (const std::string& name : names) {
                CAPTURE(name);
                CHECK(name.find_first_of(",;*\\[]") == std::string::npos);
            }
        }
        CHECK(seen > 1000);  // the test did read files
    }

    TEST_CASE("every pattern of the attacks and soaks names a test") {
        std::vector<std::string> names;
        for (const Source& source : test_sources()) {
            for (std::string& name : test_names(source.text)) names.push_back(std::move(name));
        }
        const std::string lists = content_of(kTests / "attacks.cmake") + content_of(kTests / "CMakeLists.txt");
        std::vector<std::string> patterns = matches(lists, std::regex(R"re(attack\(\w+ \w+ "([^"]+)")re"));
        for (std::string& list : matches(lists, std::regex(R"re(--test-case=([^"$]+)")re")))
            patterns.push_back(std::move(list));
        CHECK(patterns.size() > 15);
        for (const std::string& list : patterns) {
            for (const std::string& pattern : split(list)) {
                CAPTURE(pattern);
                CHECK(std::any_of(names.begin(), names.end(),
                                  [&pattern](const std::string& name) { return covers(pattern, name); }));
            }
        }
    }
}
