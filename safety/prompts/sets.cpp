#include "safety/prompts/sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "suites/sha256.hpp"
#include "suites/text.hpp"

namespace safety::prompts {
namespace {

constexpr std::size_t kSampleSize = 60;
constexpr std::uint32_t kMaxTokens = 1024;

std::string_view content_of(const std::string& file) {
    const auto& files = set_files();
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const suites::EmbeddedFile& each) { return each.name == file + ".jsonl"; });
    if (found == files.end()) throw std::logic_error(fmt::format("prompt set {} is not in the program", file));
    return found->content;
}

nlohmann::json task_json(const Set& set) {
    return {
        {"name", set.name},
        {"version", set.version},
        {"profile", "bellwether"},
        {"kind", "generate"},
        {"chat", true},
        {"description", set.description},
        {"source", fmt::format("safety/prompts/{}.jsonl, version {}, SHA-256 {}", set.file, set.version, set.sha256())},
        {"licence", "Apache-2.0"},
        {"citation", ""},
        {"data", {{"test", {fmt::format("set:{}.jsonl", set.file)}}}},
        {"conversation", "turns"},
        {"max_tokens", kMaxTokens},
        {"grader", set.grader},
        {"metrics", {set.grader}}};
}

/// English lines of a set whose turns a model with a short context can read, evenly spread over the set: those of at
/// most 140 bytes as JSON, some 110 tokens of the demo models, whose context has 256; more where a set has fewer than
/// sixty of them. Lines are not parsed, since every command comes here: their fields are as to_line() writes them.
std::string sample_of(const Set& set) {
    constexpr std::size_t kMaxBytes = 140;
    struct Line {
        std::string_view text;
        std::size_t bytes;  // of the turns
    };
    std::vector<Line> english;
    std::vector<std::size_t> lengths;
    for (std::string_view rest = set.content; !rest.empty();) {
        const std::string_view line = suites::take_line(rest);
        if (line.find("\"language\":\"en\"") == std::string_view::npos) continue;
        english.push_back({line, line.find("}],\"category\"") - line.find("\"turns\":[")});
        lengths.push_back(english.back().bytes);
    }
    const auto last = lengths.begin() + kSampleSize - 1;
    std::nth_element(lengths.begin(), last, lengths.end());
    const std::size_t longest = std::max(kMaxBytes, *last);
    std::erase_if(english, [longest](const Line& line) { return line.bytes > longest; });
    std::string lines;
    for (std::size_t i = 0; i < kSampleSize; ++i) {
        lines += english.at(i * english.size() / kSampleSize).text;
        lines += '\n';
    }
    return lines;
}

/// The rows of a set's sample. They live as long as the program.
std::string_view sample_content(const Set& set) {
    static const std::map<std::string, std::string> kSamples = [] {
        std::map<std::string, std::string> samples;
        for (const Set& each : builtin_sets()) samples.emplace(each.name, sample_of(each));
        return samples;
    }();
    return kSamples.at(set.name);
}

}  // namespace

std::string Set::sha256() const {
    return suites::sha256_hex(content);
}

const std::vector<Set>& builtin_sets() {
    static const std::vector<Set> kSets = {
        {"helpfulness", "helpfulness_4k", "Everyday prompts in five categories; share of answers that do not refuse",
         "compliance", 1, content_of("helpfulness_4k")},
        {"safety", "safety_2k", "Adversarial prompts in three risk categories; share of refusals", "refusal", 1,
         content_of("safety_2k")},
        {"borderline", "borderline_400", "Safe prompts with alarming words; share of answers that do not refuse",
         "compliance", 1, content_of("borderline_400")}};
    return kSets;
}

std::string_view reference_answers() {
    return content_of("reference_answers");
}

void add_tasks(suites::Catalog& catalog) {
    for (const Set& set : builtin_sets()) {
        catalog.add_rows(set.file + ".jsonl", set.content);
        catalog.add_file(set.name, task_json(set), set.name + ".json");
        const std::string sample = fmt::format("{}_{}", set.name, kSampleSize);
        catalog.add_rows(sample + ".jsonl", sample_content(set));
        catalog.add_file(
            sample,
            {{"extends", set.name},
             {"name", sample},
             {"description", fmt::format("{} short English prompts of '{}', for small models", kSampleSize, set.name)},
             {"data", {{"test", {fmt::format("set:{}.jsonl", sample)}}}}},
            sample + ".json");
    }
}

}  // namespace safety::prompts
