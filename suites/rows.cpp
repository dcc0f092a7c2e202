#include "suites/rows.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <filesystem>
#include <memory>

#include "suites/task.hpp"

namespace suites {

std::vector<nlohmann::json> parse_jsonl(std::string_view text, const std::string& where) {
    std::vector<nlohmann::json> rows;
    std::size_t line = 1;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view one = text.substr(at, end - at);
        at = end + 1;
        if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        nlohmann::json row = nlohmann::json::parse(one, nullptr, false);
        if (!row.is_object()) throw SuiteError(fmt::format("{}: line {} is not a JSON object", where, line));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string read_text(const std::string& path) {
    // gzread passes plain files through as they are.
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) throw SuiteError(path + ": cannot be read");
    std::string text;
    std::array<char, 65536> part = {};
    int got = 0;
    while ((got = gzread(file.get(), part.data(), part.size())) > 0) text.append(part.data(), static_cast<std::size_t>(got));
    if (got < 0) throw SuiteError(path + ": the gzip data are damaged");
    return text;
}

}  // namespace suites
