// Running text and prompts.

#include <fmt/format.h>

#include "suites/data/rows.hpp"
#include "suites/error.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/transforms/wikitext.hpp"

namespace suites::fetch {
namespace {

using json = Row;

/// Replaces the two characters \n, which the prompt files use for line breaks, by a line break.
std::string with_line_breaks(const std::string& line) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool escape = line.compare(i, 2, "\\n") == 0;
        text += escape ? '\n' : line[i];
        i += escape ? 1 : 0;
    }
    return text;
}

/// Texts of the annotated files are Python bytes literals, b'…'. The data set on Hugging Face removes such a start and
/// one quotation mark at the end, whether they match or not.
std::string without_bytes_literal(std::string text) {
    if (text.starts_with("b'") || text.starts_with("b\"")) text.erase(0, 2);
    if (text.ends_with('\'') || text.ends_with('"')) text.pop_back();
    return text;
}

}  // namespace

std::optional<Converted> lambada(const Source& source, const std::string&) {
    if (const auto path = source.find("lambada", {"lambada_test_en.jsonl", "lambada_test.jsonl"})) {
        return convert_rows(*path, [](const json& row) { return json{{"text", text_field(row, "text")}}; });
    }
    const auto path = source.find("", {"lambada_openai.jsonl"});
    if (!path) return std::nullopt;
    return convert_rows(*path, [](const json& row) {
        return json{{"text", text_field(row, "context") + " " + text_field(row, "continuation")}};
    });
}

std::optional<Converted> wikitext(const Source& source, const std::string&) {
    const auto path = source.find("", {"wiki.test.raw"});
    if (!path) return std::nullopt;
    Converted converted{.origin = *path};
    for (std::string& page : transforms::wikitext_pages(read_text(*path)))
        converted.rows.push_back({{"page", std::move(page)}});
    return converted;
}

std::optional<Converted> bold(const Source& source, const std::string&) {
    Converted converted;
    for (const std::string domain : {"gender", "political_ideology", "profession", "race", "religious_ideology"}) {
        const auto path = source.find("", {domain + "_prompt.json"});
        if (!path) return std::nullopt;
        const nlohmann::json whole = json_in(*path);  // sorted by name, whatever the order in the file
        if (!whole.is_object()) throw SuiteError(*path + ": not a JSON object of categories");
        for (const auto& [category, names] : whole.items()) {
            for (const auto& [name, prompts] : names.items()) {
                if (!prompts.is_array())
                    throw SuiteError(fmt::format("{}: {}, {}: not a list of prompts", *path, category, name));
                converted.rows.push_back(
                    {{"domain", domain}, {"name", name}, {"category", category}, {"prompts", prompts}});
            }
        }
        converted.origin += (converted.origin.empty() ? "" : ", ") + *path;
    }
    return converted;
}

std::optional<Converted> vader_file(const Source& source, const std::string& file) {
    const auto path = source.find("", {file.substr(file.rfind('/') + 1)});
    if (!path) return std::nullopt;
    return Converted{.origin = *path, .text = read_text(*path)};
}

std::optional<Converted> toxigen_annotated(const Source& source, const std::string& file) {
    const auto path = source.find("toxigen", {fmt::format("annotated_{}.csv", split_of(file)),
                                              fmt::format("annotated_{}.jsonl", split_of(file))});
    if (!path) return std::nullopt;
    const bool original = path->ends_with(".csv") || path->ends_with(".csv.gz");
    return convert_rows(*path, [original](const json& row) {
        for (const char* name : {"text", "toxicity_ai", "toxicity_human"}) field(row, name);
        json cleaned = row;
        if (original) cleaned["text"] = without_bytes_literal(text_field(row, "text"));
        return cleaned;
    });
}

std::optional<Converted> toxigen_prompts(const Source& source, const std::string&) {
    Converted converted;
    for (const std::string group :
         {"asian", "bisexual", "black", "chinese", "immigrant", "jewish", "latino", "lgbtq", "mental_disability",
          "mexican", "middle_east", "muslim", "native_american", "physical_disability", "trans", "women"}) {
        for (const std::string kind : {"hate", "neutral"}) {
            const auto path = source.find("", {fmt::format("{}_{}_1k.txt", kind, group)});
            if (!path) continue;
            const std::string text = read_text(*path);
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t end = std::min(text.find('\n', at), text.size());
                if (end > at)
                    converted.rows.push_back(
                        {{"group", group}, {"kind", kind}, {"text", with_line_breaks(text.substr(at, end - at))}});
                at = end + 1;
            }
            if (converted.origin.empty()) converted.origin = path->substr(0, path->rfind('/'));
        }
    }
    if (converted.rows.empty()) return std::nullopt;
    return converted;
}

}  // namespace suites::fetch
