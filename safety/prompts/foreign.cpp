#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "safety/error.hpp"
#include "safety/prompts/check.hpp"
#include "safety/prompts/similarity.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"
#include "suites/text.hpp"

namespace safety::prompts {
namespace {

constexpr std::size_t kMinWords = 3;
constexpr int kMaxDepth = 50;

void add(const std::string& text, std::set<std::string>& texts) {
    if (words_of(text).size() >= kMinWords) texts.insert(text);
}

void walk(const suites::Row& value, int depth, std::set<std::string>& texts) {
    if (value.is_string()) add(value.get<std::string>(), texts);
    if (!value.is_structured() || depth == kMaxDepth) return;
    for (const suites::Row& part : value) walk(part, depth + 1, texts);
}

void read_lines(const std::string& path, std::set<std::string>& texts) {
    const std::string content = suites::read_text(path);
    std::string_view rest = content;
    while (!rest.empty()) add(std::string(suites::strip_end(suites::take_line(rest))), texts);
}

/// The file name extension, ignoring ".gz".
std::string ending_of(const std::filesystem::path& path) {
    return path.extension() == ".gz" ? path.stem().extension().string() : path.extension().string();
}

void read_file(const std::filesystem::path& path, std::set<std::string>& texts) {
    const std::string ending = ending_of(path);
    if (ending == ".txt") return read_lines(path.string(), texts);
    if (ending == ".json") return walk(suites::parse_row(suites::read_text(path.string())), 0, texts);
    for (const suites::Row& row : suites::read_data_file(path.string())) walk(row, 0, texts);
}

bool is_data(const std::filesystem::path& path) {
    static const std::set<std::string> kEndings = {".json", ".jsonl", ".csv", ".tsv", ".txt"};
    return kEndings.contains(ending_of(path));
}

}  // namespace

std::vector<std::string> foreign_texts(const std::string& path) {
    std::set<std::string> texts;
    try {
        if (!std::filesystem::is_directory(path)) {
            read_file(path, texts);
        } else {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
                if (entry.is_regular_file() && is_data(entry.path())) read_file(entry.path(), texts);
            }
        }
    } catch (const suites::SuiteError& error) {
        throw PromptError(error.what());
    }
    if (texts.empty())
        throw PromptError(fmt::format("{}: no texts in its files (.json, .jsonl, .csv, .tsv, .txt)", path));
    return {texts.begin(), texts.end()};
}

}  // namespace safety::prompts
