#include "suites/transforms/vader_lexicon.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <functional>

#include "suites/error.hpp"
#include "suites/sha256.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

constexpr double kMaxRating = 4;
constexpr std::size_t kShownBytes = 40;

/// Calls `take` with the first two columns of every line that is not blank; adds file and line to its errors.
void read_lines(const NamedText& file,
                const std::function<void(const std::string& first, const std::string& second)>& take) {
    std::string_view rest = file.text;
    std::size_t rows = 0;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::string line = strip(take_line(rest));
        if (line.empty()) continue;
        try {
            const std::size_t tab = line.find('\t');
            if (tab == std::string::npos) throw SuiteError("there is no tab in the line");
            const std::size_t next = std::min(line.find('\t', tab + 1), line.size());
            take(line.substr(0, tab), line.substr(tab + 1, next - tab - 1));
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}:{}: {}", file.name, number, error.what()));
        }
        ++rows;
    }
    if (rows == 0) throw SuiteError(file.name + ": the file has no rows");
}

double parse_rating(const std::string& text) {
    double rating = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, rating);
    // Written so that NaN fails too.
    const bool in_range = rating >= -kMaxRating && rating <= kMaxRating;
    if (error != std::errc() || stopped != end || !in_range)
        throw SuiteError(fmt::format("the second column is '{}'; it must be a rating from -4 to 4, as in good<TAB>1.9",
                                     text.substr(0, kShownBytes)));
    return rating;
}

}  // namespace

VaderLexicon::VaderLexicon(const NamedText& words, const std::optional<NamedText>& emoji)
    : identity_("vader_lexicon sha256 " + sha256_hex(words.text)) {
    read_lines(words, [this](const std::string& word, const std::string& rating) {
        ratings_.insert_or_assign(word, parse_rating(rating));
    });
    if (!emoji) return;
    identity_ += ", emoji sha256 " + sha256_hex(emoji->text);
    read_lines(*emoji, [this](const std::string& character, const std::string& name) {
        if (name.empty()) throw SuiteError("the second column is empty; it must be the emoji's name in words");
        emoji_names_.insert_or_assign(character, name);
    });
}

std::optional<double> VaderLexicon::rating(std::string_view word) const {
    const auto found = ratings_.find(word);
    return found == ratings_.end() ? std::nullopt : std::optional(found->second);
}

const std::string* VaderLexicon::emoji_name(std::string_view character) const {
    const auto found = emoji_names_.find(character);
    return found == emoji_names_.end() ? nullptr : &found->second;
}

}  // namespace suites::transforms
