#include "safety/refusal/phrases.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <map>
#include <stdexcept>
#include <utility>

#include "suites/row.hpp"

namespace safety::refusal {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, kKinds> kKindNames = {{
    {"decline", Kind::Decline},
    {"not_decline", Kind::NotDecline},
    {"reproach", Kind::Reproach},
    {"premise", Kind::Premise},
    {"caution", Kind::Caution},
    {"redirect", Kind::Redirect},
    {"offer", Kind::Offer},
    {"courtesy", Kind::Courtesy},
    {"speech", Kind::Speech},
}};

/// Replaces {NAME} by the text of that name, as often as needed. A count such as {0,8} is no name.
std::string expand(std::string pattern, const std::map<std::string, std::string>& words) {
    for (const auto& [name, meaning] : words) {
        const std::string placeholder = "{" + name + "}";
        for (std::size_t at = pattern.find(placeholder); at != std::string::npos; at = pattern.find(placeholder, at)) {
            pattern.replace(at, placeholder.size(), meaning);
        }
    }
    return pattern;
}

}  // namespace

struct Phrases::Language {
    std::string code;
    Scripts scripts = 0;
    std::array<std::unique_ptr<RE2>, kKinds> patterns;
};

Phrases::Phrases() {
    for (const suites::EmbeddedFile& file : phrase_files()) read(file);
}

Phrases::~Phrases() = default;

const Phrases& Phrases::instance() {
    static const Phrases kPhrases;
    return kPhrases;
}

void Phrases::read(const suites::EmbeddedFile& file) {
    const suites::Row data = suites::parse_row(file.content);
    auto language = std::make_unique<Language>();
    language->code = data.at("language");
    const auto words = data.at("words").get<std::map<std::string, std::string>>();
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(std::int64_t{32} << 20);  // of all alternatives of a kind together; RE2's default is 8 MiB
    for (const auto& [name, kind] : kKindNames) {
        std::string all;
        for (const suites::Row& each : data.value(std::string(name), suites::Row::array())) {
            const std::string example = each.at("example");
            language->scripts |= scripts_of(fold(example).text);
            std::string pattern = fold_letters(expand(each.at("pattern"), words));
            examples_.push_back({kind, language->code, pattern, example});
            all += all.empty() ? "(?:" : "|(?:";
            all += pattern + ")";
        }
        if (all.empty()) continue;
        // A word boundary of RE2 knows ASCII only, which the folded Latin languages are.
        const bool is_latin = language->scripts == kLatin;
        all.insert(0, is_latin ? R"(\b(?:)" : "(?:");
        all += is_latin ? R"()\b)" : ")";
        auto& compiled = language->patterns.at(static_cast<std::size_t>(kind));
        compiled = std::make_unique<RE2>(all, options);
        if (!compiled->ok()) throw std::logic_error(fmt::format("{}: {}: {}", file.name, name, compiled->error()));
    }
    languages_.push_back(std::move(language));
}

std::optional<PhraseMatch> Phrases::find(Kind kind, std::string_view text, Scripts scripts) const {
    std::optional<PhraseMatch> first;
    for (const auto& language : languages_) {
        const auto& pattern = language->patterns.at(static_cast<std::size_t>(kind));
        if (!pattern || (scripts & language->scripts) == 0) continue;
        re2::StringPiece match;
        const re2::StringPiece whole(text.data(), text.size());
        if (!pattern->Match(whole, 0, text.size(), RE2::UNANCHORED, &match, 1)) continue;
        const auto begin = static_cast<std::size_t>(match.data() - text.data());
        if (!first || begin < first->begin) first = PhraseMatch{begin, begin + match.size(), language->code};
    }
    return first;
}

}  // namespace safety::refusal
