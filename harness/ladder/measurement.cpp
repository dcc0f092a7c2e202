#include "harness/ladder/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <thread>

#include "engine/next_logits.hpp"

namespace harness::ladder {
namespace {

using reports::statistics::token_divergence;
using reports::statistics::TokenDivergence;

// Windows of one call of the engine: enough tokens for full batches, and few enough for a progress that moves.
constexpr std::size_t kTokensOfCall = 4096;
// Logits that wait for the processors. Shorter blocks would start threads for less than a millisecond of work.
constexpr std::size_t kBlockBytes = std::size_t{8} << 20;

/// Gives the logits of every token of the text, in any order.
void walk(const Text& text, engine::LanguageModel& model, const Progress& progress,
          const std::function<void(std::size_t place, std::span<const float> logits)>& take) {
    const std::size_t windows = std::max<std::size_t>(1, kTokensOfCall / text.window_tokens);
    for (std::size_t first = 0; first < text.windows.size();) {
        const std::size_t count = std::min(windows, text.windows.size() - first);
        engine::next_logits(model, std::span(text.windows).subspan(first, count),
                            [&](std::size_t request, std::size_t index, std::span<const float> logits) {
                                take(text.place(first + request, index), logits);
                            });
        first += count;
        progress(first < text.windows.size() ? text.first_token[first] : text.tokens());
    }
}

/// Compares rows in blocks, with all processors: a row of 32,000 takes most of a millisecond, as long as the forward
/// pass of a token on a fast device.
class BlockComparison {
public:
    BlockComparison(const Text& text, const KeptLogits& kept, Measurement::Tokens& tokens)
        : text_(text), kept_(kept), tokens_(tokens) {
        rows_ = std::max<std::size_t>(1, kBlockBytes / sizeof(float) / kept.vocab());
        logits_.reserve(rows_ * kept.vocab());
    }

    void add(std::size_t place, std::span<const float> logits) {
        places_.push_back(place);
        logits_.insert(logits_.end(), logits.begin(), logits.end());
        if (places_.size() == rows_) flush();
    }

    void flush() {
        const std::size_t threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 64);
        const std::size_t each = (places_.size() + threads - 1) / threads;
        std::vector<std::future<void>> parts;
        for (std::size_t first = 0; first < places_.size(); first += each) {
            const std::size_t end = std::min(first + each, places_.size());
            parts.push_back(std::async(std::launch::async, [this, first, end] { compare(first, end); }));
        }
        for (std::future<void>& part : parts) part.get();
        places_.clear();
        logits_.clear();
    }

private:
    void compare(std::size_t first, std::size_t end) {
        std::vector<float> reference(kept_.vocab());
        for (std::size_t row = first; row < end; ++row) {
            const std::size_t place = places_[row];
            kept_.get(place, reference);
            tokens_[place] = token_divergence(reference, std::span(logits_).subspan(row * kept_.vocab(), kept_.vocab()),
                                              id_at(place));
        }
    }

    std::size_t id_at(std::size_t place) const {
        const std::size_t window = text_.window_of[place];
        return static_cast<std::size_t>(text_.windows[window].continuation[place - text_.first_token[window]]);
    }

    const Text& text_;
    const KeptLogits& kept_;
    Measurement::Tokens& tokens_;
    std::size_t rows_;
    std::vector<std::size_t> places_;
    std::vector<float> logits_;  // [places, vocab]
};

}  // namespace

Measurement::Measurement(const Text& text, engine::LanguageModel& reference, const Progress& progress)
    : text_(text), kept_(text.tokens(), reference.card().vocab), reference_(text.tokens()) {
    walk(text, reference, progress, [this](std::size_t place, std::span<const float> logits) {
        kept_.put(place, logits);
        const std::size_t window = text_.window_of[place];
        const auto id = text_.windows[window].continuation[place - text_.first_token[window]];
        reference_[place] = token_divergence(logits, logits, static_cast<std::size_t>(id));
    });
}

Measurement::Tokens Measurement::compare(engine::LanguageModel& model, const Progress& progress) const {
    if (model.card().vocab != kept_.vocab()) {
        throw engine::EngineError(engine::EngineError::Kind::Input,
                                  fmt::format("the model has {} outputs, the reference {}: they cannot be compared",
                                              model.card().vocab, kept_.vocab()));
    }
    Tokens tokens(text_.tokens());
    BlockComparison block(text_, kept_, tokens);
    walk(text_, model, progress,
         [&block](std::size_t place, std::span<const float> logits) { block.add(place, logits); });
    block.flush();
    return tokens;
}

}  // namespace harness::ladder
