#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace suites::transforms {

/// Content of a text file and its name for error messages.
struct NamedText {
    std::string name;
    std::string text;
};

/// VADER's word ratings, in the format of its authors: lines with a token, its mean rating from -4 to 4, and unused
/// columns, separated by tabs. The last line of a duplicate token counts. Immutable after loading.
class VaderLexicon {
public:
    /// `emoji`: lines with an emoji and its name in words, separated by a tab; nullopt: emoji are ordinary words.
    /// Throws SuiteError naming file and line.
    VaderLexicon(const NamedText& words, const std::optional<NamedText>& emoji);

    /// The rating of a lower-case word; nullopt when it has none.
    std::optional<double> rating(std::string_view word) const;
    /// The name of an emoji (the bytes of one code point); nullptr when it is not in the list.
    const std::string* emoji_name(std::string_view character) const;
    /// Identity of the ratings: the SHA-256 of each file, as text.
    const std::string& identity() const { return identity_; }

private:
    std::map<std::string, double, std::less<>> ratings_;
    std::map<std::string, std::string, std::less<>> emoji_names_;
    std::string identity_;
};

}  // namespace suites::transforms
