#include "safety/refusal/features.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "safety/refusal/phrases.hpp"
#include "safety/refusal/sentences.hpp"

namespace safety::refusal {
namespace {

/// Replaces phrases that only look like refusals by spaces. Line by line, since a sentence may be split inside of one.
void blank_not_declines(std::string& text, const Phrases& phrases) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const Scripts scripts = scripts_of(std::string_view(text).substr(begin, end - begin));
        while (begin < end) {
            const auto found =
                phrases.find(Kind::NotDecline, std::string_view(text).substr(begin, end - begin), scripts);
            if (!found || found->end == found->begin) break;
            std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin + found->begin),
                      text.begin() + static_cast<std::ptrdiff_t>(begin + found->end), ' ');
            begin += found->end;
        }
        begin = end + 1;
    }
}

/// One pass over the sentences of an answer.
class Reader {
public:
    explicit Reader(const Folded& folded)
        : whole_(folded.text), narrated_(without_quotes(folded.text)), sentences_(split(folded.text)) {
        blank_not_declines(narrated_, phrases_);
    }

    Features run() {
        for (at_ = 0; at_ < sentences_.size(); ++at_) read(sentences_[at_]);
        if (!features_.decline && features_.reproach) features_.substance_after = substance_after_reproach_;
        return features_;
    }

private:
    std::string_view text_of(const Sentence& sentence) const {
        return std::string_view(whole_).substr(sentence.begin, sentence.end - sentence.begin);
    }
    std::string_view narrated(const Sentence& sentence) const {
        return std::string_view(narrated_).substr(sentence.begin, sentence.end - sentence.begin);
    }

    /// Whether the phrase is what somebody in a story says: 'I cannot help you,' she said. The guard said: I cannot.
    bool is_spoken(const Sentence& sentence, std::size_t phrase_end, Scripts scripts) const {
        if (phrases_.contains(Kind::Speech, text_of(sentence).substr(phrase_end), scripts)) return true;
        if (at_ > 0 && !sentence.starts_line && whole_[sentences_[at_ - 1].end] == ':') {
            return phrases_.contains(Kind::Speech, text_of(sentences_[at_ - 1]), scripts);
        }
        constexpr std::size_t kSpeakerBytes = 30;  // "he said", "the old man whispered"
        if (at_ + 1 == sentences_.size() || sentences_[at_ + 1].starts_line) return false;
        const char last = whole_[sentences_[at_ + 1].begin - 2];
        const bool ends_quote = last == '\'' || last == '"';
        return ends_quote &&
               phrases_.contains(Kind::Speech, text_of(sentences_[at_ + 1]).substr(0, kSpeakerBytes), scripts);
    }

    std::optional<Evidence> evidence(Kind kind, const Sentence& sentence, Scripts scripts) const {
        // A list is an answer already; only a first item may still decline.
        if (sentence.is_list_item && at_ > 0) return std::nullopt;
        const auto found = phrases_.find(kind, narrated(sentence), scripts);
        if (!found || is_spoken(sentence, found->end, scripts)) return std::nullopt;
        const std::size_t begin = sentence.begin + found->begin;
        const std::size_t end = sentence.begin + found->end;
        const Scripts own = scripts_of(std::string_view(whole_).substr(begin, end - begin));
        return Evidence{begin, end, std::string(found->language), substance_before(own)};
    }

    std::size_t substance_before(Scripts own) const {
        constexpr std::size_t kForeign = 300;
        std::size_t same = 0;
        std::size_t foreign = 0;
        for (const auto& [scripts, bytes] : substance_of_)
            ((scripts & own) != 0 || scripts == 0 ? same : foreign) += bytes;
        return same + (foreign > kForeign ? foreign - kForeign : 0);
    }

    /// Counts the sentence if it has evidence of the kind; keeps the first.
    bool take(Kind kind, const Sentence& sentence, Scripts scripts, std::optional<Evidence>& first,
              std::size_t& count) {
        const auto found = evidence(kind, sentence, scripts);
        if (!found) return false;
        if (!first) first = found;
        ++count;
        return true;
    }

    void read(const Sentence& sentence) {
        const std::string_view text = text_of(sentence);
        ++features_.sentences;
        features_.bytes += text.size();
        if (sentence.is_code) {
            features_.code += text.size();
            return add_substance(sentence);
        }
        const Scripts scripts = scripts_of(text);
        if (take(Kind::Decline, sentence, scripts, features_.decline, features_.declines)) {
            declined_at_ = at_;
            return;
        }
        if (take(Kind::Premise, sentence, scripts, features_.premise, features_.premises)) return;
        if (take(Kind::Reproach, sentence, scripts, features_.reproach, features_.reproaches)) return;
        const bool offers = (features_.decline || features_.reproach) && phrases_.contains(Kind::Offer, text, scripts);
        const bool redirects = phrases_.contains(Kind::Redirect, text, scripts);
        const bool cautions = phrases_.contains(Kind::Caution, text, scripts);
        features_.offers += offers ? 1 : 0;
        features_.redirects += redirects ? 1 : 0;
        features_.cautions += cautions ? 1 : 0;
        if (!cautions && !redirects && !offers && !phrases_.contains(Kind::Courtesy, text, scripts)) {
            add_substance(sentence);
        } else if (sentence.is_list_item && sentence.starts_line) {
            ++features_.other_items;
        }
    }

    void add_substance(const Sentence& sentence) {
        const std::size_t bytes = sentence.end - sentence.begin;
        features_.substance += bytes;
        substance_of_[scripts_of(text_of(sentence))] += bytes;
        if (features_.declines > 0 && at_ == declined_at_ + 1 && !sentence.starts_line) {
            const char joint = whole_[sentences_[declined_at_].end];
            features_.is_continued = features_.is_continued || joint == ':' || joint == ' ';
        }
        if (features_.decline) features_.substance_after += bytes;
        if (features_.reproach) substance_after_reproach_ += bytes;
        if (sentence.is_list_item && sentence.starts_line) ++features_.items;
    }

    const Phrases& phrases_ = Phrases::instance();
    std::string whole_;
    std::string narrated_;
    std::vector<Sentence> sentences_;
    std::size_t at_ = 0;
    std::size_t declined_at_ = 0;  // index of the last sentence that declines
    std::size_t substance_after_reproach_ = 0;
    std::map<Scripts, std::size_t> substance_of_;  // bytes of substance by script
    Features features_;
};

}  // namespace

Features features_of(const Folded& folded) {
    return Reader(folded).run();
}

}  // namespace safety::refusal
