#include "suites/transforms/vader.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

// Constants of the published method.
constexpr double kBoost = 0.293;
constexpr double kCapitals = 0.733;
constexpr double kNegation = -0.74;
constexpr double kNever = 1.25;  ///< factor for "never so" and "never this"
constexpr std::array kFading = {1.0, 0.95, 0.9};
constexpr double kBeforeBut = 0.5;
constexpr double kAfterBut = 1.5;
constexpr double kNormalising = 15;

// clang-format off
const std::set<std::string, std::less<>> kNegations = {
    "ain't", "aint", "aren't", "arent", "can't", "cannot", "cant", "couldn't", "couldnt", "daren't", "darent",
    "despite", "didn't", "didnt", "doesn't", "doesnt", "don't", "dont", "hadn't", "hadnt", "hasn't", "hasnt", "haven't",
    "havent", "isn't", "isnt", "mightn't", "mightnt", "mustn't", "mustnt", "needn't", "neednt", "neither", "never",
    "none", "nope", "nor", "not", "nothing", "nowhere", "oughtn't", "oughtnt", "rarely", "seldom", "shan't", "shant",
    "shouldn't", "shouldnt", "uh-uh", "uhuh", "wasn't", "wasnt", "weren't", "werent", "without", "won't", "wont",
    "wouldn't", "wouldnt"};
const std::set<std::string, std::less<>> kBoosters = {
    "absolutely", "amazingly", "awfully", "completely", "considerable", "considerably", "decidedly", "deeply", "effing",
    "enormous", "enormously", "entirely", "especially", "exceptional", "exceptionally", "extreme", "extremely",
    "fabulously", "flippin", "flipping", "frackin", "fracking", "frickin", "fricking", "friggin", "frigging", "fuckin",
    "fucking", "fuggin", "fugging", "fully", "greatly", "hella", "highly", "hugely", "incredible", "incredibly",
    "intensely", "major", "majorly", "more", "most", "particularly", "purely", "quite", "really", "remarkably", "so",
    "substantially", "thoroughly", "total", "totally", "tremendous", "tremendously", "uber", "unbelievably",
    "unusually", "utter", "utterly", "very"};
const std::set<std::string, std::less<>> kDampeners = {
    "almost", "barely", "hardly", "just enough", "kind of", "kind-of", "kinda", "kindof", "less", "little", "marginal",
    "marginally", "occasional", "occasionally", "partly", "scarce", "scarcely", "slight", "slightly", "somewhat",
    "sort of", "sort-of", "sorta", "sortof"};
/// Phrases whose rating replaces the ratings of their words.
const std::map<std::string, double, std::less<>> kIdioms = {
    {"the shit", 3}, {"the bomb", 3}, {"bad ass", 1.5}, {"bus stop", 0}, {"yeah right", -2}, {"kiss of death", -1.5},
    {"to die for", 3}, {"beating heart", 3.1}, {"broken heart", -2.9}};
// clang-format on

/// Value that a booster or dampener adds to a positive rating; 0 for any other word.
double boost_of(std::string_view words) {
    return kBoosters.contains(words) ? kBoost : kDampeners.contains(words) ? -kBoost : 0;
}

/// Python's str.isupper: at least one upper-case letter, and none in lower or title case. The ranges are characters
/// with a derived Unicode case property but another category: modifiers, Roman numerals, circled and squared letters.
bool is_upper(const std::string& word) {
    static const RE2 kUpper(
        R"([\p{Lu}\x{2160}-\x{216F}\x{24B6}-\x{24CF}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}])");
    static const RE2 kLowerOrTitle(
        R"([\p{Ll}\p{Lt}\x{AA}\x{BA}\x{2B0}-\x{2B8}\x{2C0}\x{2C1}\x{2E0}-\x{2E4}\x{345}\x{37A})"
        R"(\x{1D2C}-\x{1D6A}\x{1D78}\x{1D9B}-\x{1DBF}\x{2071}\x{207F}\x{2090}-\x{209C})"
        R"(\x{2170}-\x{217F}\x{24D0}-\x{24E9}\x{2C7C}\x{2C7D})"
        R"(\x{A69C}\x{A69D}\x{A770}\x{A7F8}\x{A7F9}\x{AB5C}-\x{AB5F}])");
    bool upper = false;
    bool beyond_ascii = false;
    for (const char c : word) {
        if (c >= 'a' && c <= 'z') return false;
        upper = upper || (c >= 'A' && c <= 'Z');
        beyond_ascii = beyond_ascii || static_cast<unsigned char>(c) >= 0x80;
    }
    if (!beyond_ascii) return upper;
    return (upper || RE2::PartialMatch(word, kUpper)) && !RE2::PartialMatch(word, kLowerOrTitle);
}

/// Replaces emoji by their names, with a space in front if there is none, and nothing after them, as in the reference.
std::string with_emoji_named(std::string_view text, const VaderLexicon& lexicon) {
    std::string result;
    bool after_space = true;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        while (end < text.size() && continues_character(text[end])) ++end;
        const std::string_view character = text.substr(at, end - at);
        const std::string* name = lexicon.emoji_name(character);
        if (name != nullptr && !after_space) result += ' ';
        result += name != nullptr ? std::string_view(*name) : character;
        after_space = name == nullptr && character == " ";
        at = end;
    }
    return result;
}

/// Removes punctuation at both ends, unless at most two characters remain, since the token is then an emoticon.
std::string without_punctuation(const std::string& token) {
    std::string_view inside = token;
    while (!inside.empty() && is_ascii_punctuation(inside.front())) inside.remove_prefix(1);
    while (!inside.empty() && is_ascii_punctuation(inside.back())) inside.remove_suffix(1);
    return count_characters(inside) <= 2 ? token : std::string(inside);
}

struct Word {
    std::string lower;
    bool upper = false;
    std::optional<double> rating;
};

/// The words of a text and their sentiments.
class Sentence {
public:
    Sentence(std::string_view text, const VaderLexicon& lexicon) {
        std::size_t capitals = 0;
        for (const std::string& token : python_split(text)) {
            const std::string word = without_punctuation(token);
            Word one{.lower = lower_case(word), .upper = is_upper(word), .rating = {}};
            one.rating = lexicon.rating(one.lower);
            capitals += one.upper ? 1U : 0U;
            words_.push_back(std::move(one));
        }
        capitals_differ_ = capitals > 0 && capitals < words_.size();
    }

    /// One value per word; 0 for words without a rating.
    std::vector<double> sentiments() const {
        std::vector<double> values;
        for (std::size_t i = 0; i < words_.size(); ++i) values.push_back(sentiment(i));
        weigh_around_but(values);
        return values;
    }

private:
    /// Whether the word at i - `distance` is `word`.
    bool before(std::size_t i, std::size_t distance, std::string_view word) const {
        return i >= distance && words_[i - distance].lower == word;
    }
    bool so_or_this(std::size_t i, std::size_t distance) const {
        return before(i, distance, "so") || before(i, distance, "this");
    }

    double sentiment(std::size_t i) const {
        const Word& word = words_[i];
        const bool kind_of = word.lower == "kind" && i + 1 < words_.size() && words_[i + 1].lower == "of";
        if (!word.rating || kind_of || boost_of(word.lower) != 0) return 0;
        double value = *word.rating;
        if (word.lower == "no" && i + 1 < words_.size() && words_[i + 1].rating)
            value = 0;  // negates the next word instead
        const bool or_nor = before(i, 1, "or") || before(i, 1, "nor");
        if (before(i, 1, "no") || before(i, 2, "no") || (before(i, 3, "no") && or_nor))
            value = *word.rating * kNegation;
        if (word.upper && capitals_differ_) value += value > 0 ? kCapitals : -kCapitals;
        for (std::size_t distance = 1; distance <= std::min<std::size_t>(i, 3); ++distance) {
            const Word& earlier = words_[i - distance];
            if (earlier.rating) continue;
            value += boost(earlier, value) * kFading[distance - 1];
            value = after_negation(value, i, distance);
            if (distance == 3) value = in_idiom(value, i);
        }
        const bool least = before(i, 1, "least") && !words_[i - 1].rating;
        if (least && !before(i, 2, "at") && !before(i, 2, "very")) value *= kNegation;
        return value;
    }

    double boost(const Word& word, double value) const {
        double change = boost_of(word.lower);
        if (change == 0) return 0;
        if (value < 0) change = -change;
        if (word.upper && capitals_differ_) change += value > 0 ? kCapitals : -kCapitals;
        return change;
    }

    /// The value of word i after a possible negation by the word at i - `distance`.
    double after_negation(double value, std::size_t i, std::size_t distance) const {
        if (distance == 2) {
            if (before(i, 2, "never") && so_or_this(i, 1)) return value * kNever;
            if (before(i, 2, "without") && before(i, 1, "doubt")) return value;
        }
        if (distance == 3) {
            // In the reference, "so" or "this" directly before the word counts here, whatever precedes it.
            if ((before(i, 3, "never") && so_or_this(i, 2)) || so_or_this(i, 1)) return value * kNever;
            if (before(i, 3, "without") && (before(i, 2, "doubt") || before(i, 1, "doubt"))) return value;
        }
        const std::string& word = words_[i - distance].lower;
        const bool negates = kNegations.contains(word) || word.find("n't") != std::string::npos;
        return negates ? value * kNegation : value;
    }

    std::string phrase(std::size_t first, std::size_t last) const {
        std::string text = words_[first].lower;
        for (std::size_t i = first + 1; i <= last; ++i) text += " " + words_[i].lower;
        return text;
    }

    /// Applies idioms and two-word dampeners around word i, which has at least three words before it.
    double in_idiom(double value, std::size_t i) const {
        for (const std::string& said :
             {phrase(i - 1, i), phrase(i - 2, i), phrase(i - 2, i - 1), phrase(i - 3, i - 1), phrase(i - 3, i - 2)}) {
            if (const auto found = kIdioms.find(said); found != kIdioms.end()) {
                value = found->second;
                break;
            }
        }
        for (std::size_t last = i + 1; last < std::min(i + 3, words_.size()); ++last) {
            if (const auto found = kIdioms.find(phrase(i, last)); found != kIdioms.end()) value = found->second;
        }
        for (const std::string& said : {phrase(i - 3, i - 1), phrase(i - 3, i - 2), phrase(i - 2, i - 1)})
            value += boost_of(said);
        return value;
    }

    /// Values before the first "but" count half, later ones one and a half times. The reference finds the position of a
    /// value by searching for the first equal value, so that it may change the wrong one of equal values. Published
    /// scores include this bug, so it is reproduced here, with an index of the positions of each value.
    void weigh_around_but(std::vector<double>& values) const {
        const auto found =
            std::find_if(words_.begin(), words_.end(), [](const Word& word) { return word.lower == "but"; });
        if (found == words_.end()) return;
        const auto but = static_cast<std::size_t>(found - words_.begin());
        std::unordered_map<double, std::set<std::size_t>> places;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i] != 0) places[values[i]].insert(i);
        }
        for (const double& value : values) {
            if (value == 0) continue;
            std::set<std::size_t>& equal = places[value];
            const std::size_t place = *equal.begin();
            if (place == but) continue;
            equal.erase(equal.begin());
            values[place] *= place < but ? kBeforeBut : kAfterBut;
            if (values[place] != 0) places[values[place]].insert(place);
        }
    }

    std::vector<Word> words_;
    bool capitals_differ_ = false;
};

double emphasis(std::string_view text) {
    const auto exclamations = static_cast<double>(std::count(text.begin(), text.end(), '!'));
    const auto questions = static_cast<double>(std::count(text.begin(), text.end(), '?'));
    const double asking = questions <= 1 ? 0 : questions <= 3 ? questions * 0.18 : 0.96;
    return std::min(exclamations, 4.0) * 0.292 + asking;
}

/// Rounds to four decimals from the exact binary value, as Python does.
double rounded(double value) {
    return std::strtod(fmt::format("{:.4f}", value).c_str(), nullptr) + 0.0;
}

}  // namespace

double vader_compound(std::string_view text, const VaderLexicon& lexicon) {
    const std::string named = with_emoji_named(text, lexicon);
    double sum = 0;
    for (const double value : Sentence(named, lexicon).sentiments()) sum += value;
    if (sum != 0) sum += sum > 0 ? emphasis(named) : -emphasis(named);
    return rounded(std::clamp(sum / std::sqrt(sum * sum + kNormalising), -1.0, 1.0));
}

}  // namespace suites::transforms
