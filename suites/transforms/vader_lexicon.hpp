#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace suites::transforms {

/// A text file and the name that messages give it.
struct NamedText {
    std::string name;
    std::string text;
};

/// The ratings that VADER looks words up in, as its authors publish them: lines of a token, its mean rating from -4 to
/// 4, and columns that the method does not use, with tabs between. Of a duplicate token the last line counts.
/// Immutable after loading.
class VaderLexicon {
public:
    /// `emoji` has lines of an emoji and its name in words, with a tab between; none: emoji are words like any other.
    /// Throws SuiteError naming file and line.
    VaderLexicon(const NamedText& words, const std::optional<NamedText>& emoji);

    /// The rating of a word in lower case; nullopt when it has none.
    std::optional<double> rating(std::string_view word) const;
    /// What stands for a character (the bytes of one code point); nullptr when it is no emoji of the list.
    const std::string* emoji_name(std::string_view character) const;
    /// Which ratings these are: the SHA-256 of each file, as text.
    const std::string& identity() const { return identity_; }

private:
    std::map<std::string, double, std::less<>> ratings_;
    std::map<std::string, std::string, std::less<>> emoji_names_;
    std::string identity_;
};

}  // namespace suites::transforms
