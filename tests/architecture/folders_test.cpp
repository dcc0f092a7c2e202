#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

const std::filesystem::path kRoot = BELLWETHER_SOURCE_DIR;

/// What a source file of `folder` may include from other folders. safety sees only one header of engine.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"engine", {}},
    {"suites", {}},
    {"reports", {}},
    {"safety", {"engine", "suites"}},
    {"harness", {"engine", "suites", "safety", "reports"}},
};

bool is_source(const std::filesystem::path& path) {
    return path.extension() == ".cpp" || path.extension() == ".hpp" || path.extension() == ".h";
}

/// The text between the quotes of an #include line; empty for every other line.
std::string included(const std::string& line) {
    const std::string kStart = "#include \"";
    if (line.rfind(kStart, 0) != 0) return "";
    return line.substr(kStart.size(), line.find('"', kStart.size()) - kStart.size());
}

template <class Visit>
void for_each_line(const std::string& folder, const Visit& visit) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kRoot / folder)) {
        if (!entry.is_regular_file() || !is_source(entry.path())) continue;
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);)
            visit(std::filesystem::relative(entry.path(), kRoot).string(), line);
    }
}

using Files = std::set<std::string>;

/// The files of all folders with a matching line, except comments.
Files files_with(const std::string& pattern) {
    const std::regex wanted(pattern);
    Files files;
    for (const auto& [folder, allowed] : kMayInclude) {
        for_each_line(folder, [&](const std::string& file, const std::string& line) {
            const std::string code = line.substr(0, line.find("//"));
            if (std::regex_search(code, wanted)) files.insert(file);
        });
    }
    return files;
}

/// One per line, so that a failure shows which.
std::string listed(const Files& files) {
    std::string text;
    for (const std::string& file : files) text += file + "\n";
    return text;
}

}  // namespace

TEST_SUITE("architecture") {
    TEST_CASE("a folder includes only the folders below it") {
        std::size_t seen = 0;
        for (const auto& [folder, allowed] : kMayInclude) {
            for_each_line(folder,
                          [&, &from = folder, &may = allowed](const std::string& file, const std::string& line) {
                              const std::string target = included(line);
                              const std::string to = target.substr(0, target.find('/'));
                              if (to == from || !kMayInclude.contains(to)) return;
                              ++seen;
                              INFO(file, " includes ", target);
                              CHECK(may.contains(to));
                              if (from == "safety" && to == "engine") CHECK(target == "engine/language_model.hpp");
                          });
        }
        CHECK(seen > 10);  // the test did read files
    }

    TEST_CASE("only engine/vulkan names a Vulkan type") {
        for (const auto& [folder, allowed] : kMayInclude) {
            for_each_line(folder, [](const std::string& file, const std::string& line) {
                if (file.rfind("engine/vulkan/", 0) == 0) return;
                INFO(file, ": ", line);
                CHECK(line.find("vulkan/vulkan") == std::string::npos);
            });
        }
    }

    TEST_CASE("only harness/download and harness/web open connections") {
        for (const auto& [folder, allowed] : kMayInclude) {
            for_each_line(folder, [](const std::string& file, const std::string& line) {
                if (file.rfind("harness/download/", 0) == 0 || file.rfind("harness/web/", 0) == 0) return;
                INFO(file, ": ", line);
                for (const char* header :
                     {"<curl/", "<boost/asio", "<boost/beast", "<openssl/ssl.h>", "<sys/socket.h>", "<netdb.h>"})
                    CHECK(line.find(std::string("#include ") + header) == std::string::npos);
            });
        }
    }

    TEST_CASE("only harness/store includes SQLite") {
        for (const auto& [folder, allowed] : kMayInclude) {
            for_each_line(folder, [](const std::string& file, const std::string& line) {
                if (file.rfind("harness/store/", 0) == 0) return;
                INFO(file, ": ", line);
                CHECK(line.find("#include <sqlite3.h>") == std::string::npos);
            });
        }
    }

    // Each limits the depth before parsing. Data rows keep all digits of their numbers, which other values do not.
    TEST_CASE("JSON is parsed only in one file of the harness and in two of suites") {
        CHECK(
            listed(files_with(R"re((json|Json|Row)(_t)?::(parse|sax_parse|accept|from_\w+)\(|"_json\b|>>.*json)re")) ==
            listed({"harness/base/json.cpp", "suites/data/json_text.cpp", "suites/data/row_text.cpp"}));
    }

    // engine, suites and reports may not include each other or the harness, so each has its own call. The engine also
    // has an authentication code, for kept weights.
    TEST_CASE("each folder computes each digest in one file only") {
        CHECK(listed(files_with("EVP_|SHA256_")) ==
              listed({"engine/base/gmac.cpp", "engine/base/sha256.cpp", "harness/base/sha256.cpp",
                      "reports/formats/base64.cpp", "suites/sha256.cpp"}));
    }

    // The harness writes all files through one writer; engine's caches and suites' data sets have other requirements,
    // the store creates its database, and the sandbox writes to /proc.
    TEST_CASE("only the listed files write files") {
        CHECK(listed(files_with(
                  R"re(ofstream|fopen\(|mkstemp|mkdtemp|O_CREAT|\brename(at2?)?\(|temp_directory_path)re")) ==
              listed({"engine/base/part_file.cpp", "harness/base/pending_file.cpp", "harness/base/scratch_file.cpp",
                      "harness/base/temporary_folder.cpp", "harness/sandbox/spawn.cpp", "harness/store/database.cpp",
                      "suites/fetch/staging.cpp"}));
    }

    TEST_CASE("only harness/base opens the standard streams and nothing bypasses them") {
        CHECK(listed(files_with(R"re(std::(cout|cerr|clog)\b|fopencookie)re")) ==
              listed({"harness/base/standard_streams.cpp"}));
    }

    TEST_CASE("temporary folders of tests are created in one place") {
        Files files;
        for_each_line("tests", [&](const std::string& file, const std::string& line) {
            if (line.find("mkdtemp(") != std::string::npos || line.find("temp_directory_path(") != std::string::npos)
                files.insert(file);
        });
        files.erase("tests/architecture/folders_test.cpp");
        CHECK(listed(files) == listed({"tests/support/temporary.hpp"}));
    }
}
