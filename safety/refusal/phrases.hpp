#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safety/refusal/folded.hpp"
#include "suites/embedded_file.hpp"

namespace safety::refusal {

/// phrases/*.json, one file per language.
const std::vector<suites::EmbeddedFile>& phrase_files();

/// What a phrase tells about its sentence.
enum class Kind {
    Decline,     ///< declines the request: "I cannot help"
    NotDecline,  ///< looks like it and is none: "I can't help but smile"
    Reproach,    ///< judges the request morally
    Premise,     ///< corrects what the request takes for granted
    Caution,     ///< warns, names law, harm or help
    Redirect,    ///< turns to something else: "Instead, ..."
    Offer,       ///< announces an answer: "However, I can suggest", "here is how"
    Courtesy,    ///< apologises, thanks, offers help, says that an AI speaks
    Speech,      ///< somebody is quoted: "said the guard"
};
inline constexpr std::size_t kKinds = 9;

/// Where a phrase stands in a folded text. [bytes]
struct PhraseMatch {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view language = {};  ///< ISO 639-1; lives as long as the program
};

/// A phrase of the data, with a text that it must match.
struct PhraseExample {
    Kind kind = Kind::Decline;
    std::string language;
    std::string pattern;
    std::string example;
};

/// The phrases of all languages as regular expressions, read and compiled once. Thread-safe.
class Phrases {
public:
    static const Phrases& instance();

    /// The first phrase of a kind in a piece of a folded text, in the languages written in one of `scripts`.
    std::optional<PhraseMatch> find(Kind kind, std::string_view text, Scripts scripts) const;
    bool contains(Kind kind, std::string_view text, Scripts scripts) const {
        return find(kind, text, scripts).has_value();
    }
    /// Every phrase, for tests.
    const std::vector<PhraseExample>& examples() const { return examples_; }

    ~Phrases();
    Phrases(const Phrases&) = delete;
    Phrases& operator=(const Phrases&) = delete;

private:
    struct Language;
    /// Throws std::logic_error naming file and phrase when a built-in file is wrong.
    Phrases();
    void read(const suites::EmbeddedFile& file);

    std::vector<std::unique_ptr<Language>> languages_;
    std::vector<PhraseExample> examples_;
};

}  // namespace safety::refusal
