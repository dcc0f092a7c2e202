#include "suites/fetch.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "suites/rows.hpp"
#include "suites/task.hpp"
#include "suites/wikitext.hpp"

namespace suites {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The first regular file below `from` with one of the names, and with `folder` in its path.
std::optional<fs::path> find_file(const std::string& from, const std::string& folder,
                                  const std::vector<std::string>& names) {
    std::optional<fs::path> best;
    for (const auto& entry : fs::recursive_directory_iterator(from, fs::directory_options::skip_permission_denied)) {
        if (!entry.is_regular_file() || entry.path().string().find(folder) == std::string::npos) continue;
        for (const std::string& name : names) {
            const bool fits = entry.path().filename() == name || entry.path().filename() == name + ".gz";
            if (fits && (!best || entry.path() < *best)) best = entry.path();
        }
    }
    return best;
}

std::string write(const std::string& data_dir, const std::string& file, const std::vector<json>& rows) {
    const fs::path goal = fs::path(data_dir) / file;
    std::error_code error;
    fs::create_directories(goal.parent_path(), error);
    const fs::path unfinished = goal.string() + ".part";
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    for (const json& row : rows) out << row.dump() << '\n';
    out.close();
    if (out) fs::rename(unfinished, goal, error);
    if (!out || error)
        throw SuiteError(goal.string() + ": cannot be written; is there space, and may you write there?");
    return fmt::format("{}: {} rows", goal.string(), rows.size());
}

/// The original ARC row, whose question is an object (or that object as a text), as the Hugging Face row.
json arc_row(const json& row, const std::string& where) {
    json question = row.value("question", json());
    if (question.is_string()) question = json::parse(question.get<std::string>(), nullptr, false);
    if (!question.is_object() || !question.contains("stem") || !question.contains("choices") ||
        !row.contains("answerKey")) {
        throw SuiteError(where + ": not an ARC question (needs question.stem, question.choices and answerKey)");
    }
    json texts = json::array();
    json labels = json::array();
    for (const json& choice : question["choices"]) {
        if (!choice.is_object() || !choice.contains("text") || !choice.contains("label"))
            throw SuiteError(where + ": a choice needs text and label");
        texts.push_back(choice["text"]);
        labels.push_back(choice["label"]);
    }
    return {{"id", row.value("id", "")},
            {"question", question["stem"]},
            {"choices", {{"text", texts}, {"label", labels}}},
            {"answerKey", row["answerKey"]}};
}

std::vector<std::string> fetch_arc(const std::string& set, const std::string& from, const std::string& data_dir) {
    std::vector<std::string> written;
    for (const auto& [original, split] :
         {std::pair{"Test", "test"}, std::pair{"Dev", "validation"}, std::pair{"Train", "train"}}) {
        const auto path = find_file(from, "", {fmt::format("{}-{}.jsonl", set, original)});
        if (!path) {
            written.push_back(
                fmt::format("{}-{}.jsonl is not below {}{}", set, original, from,
                            std::string_view(split) == "test" ? "; the validation split will stand in for test" : ""));
            continue;
        }
        std::vector<json> rows;
        for (const json& row : parse_jsonl(read_text(path->string()), path->string())) {
            rows.push_back(arc_row(row, fmt::format("{}: row {}", path->string(), rows.size() + 1)));
        }
        written.push_back(write(data_dir, fmt::format("arc/{}/{}.jsonl", set, split), rows));
    }
    return written;
}

fs::path required(const std::optional<fs::path>& found, const std::string& name, const std::string& from) {
    if (!found) throw SuiteError(fmt::format("{} is not below {}", name, from));
    return *found;
}

}  // namespace

std::string default_data_dir() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
        return std::string(cache) + "/bellwether";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + "/.cache/bellwether";
}

std::vector<std::string> fetch_from(const std::string& name, const std::string& from, const std::string& data_dir) {
    if (name == "arc_easy") return fetch_arc("ARC-Easy", from, data_dir);
    if (name == "arc_challenge") return fetch_arc("ARC-Challenge", from, data_dir);
    if (name == "gsm8k") {
        std::vector<std::string> written;
        for (const std::string split : {"train", "test"}) {
            const fs::path path =
                required(find_file(from, "gsm8k", {split + ".jsonl"}), "gsm8k/" + split + ".jsonl", from);
            written.push_back(write(data_dir, "gsm8k/main/" + split + ".jsonl",
                                    parse_jsonl(read_text(path.string()), path.string())));
        }
        return written;
    }
    if (name == "wikitext") {
        const fs::path path = required(find_file(from, "", {"wiki.test.raw"}), "wiki.test.raw", from);
        std::vector<json> rows;
        for (std::string& page : wikitext_pages(read_text(path.string()))) rows.push_back({{"page", std::move(page)}});
        return {write(data_dir, "wikitext/wikitext-2-raw-v1/test.jsonl", rows)};
    }
    throw SuiteError(fmt::format("'{}' has no data to fetch; arc_easy, arc_challenge, gsm8k and wikitext have", name));
}

}  // namespace suites
