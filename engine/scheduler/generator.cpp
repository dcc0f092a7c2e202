#include "engine/scheduler/generator.hpp"

#include <algorithm>
#include <unordered_map>

#include "engine/scheduler/sampler.hpp"

namespace engine::scheduler {
namespace {

using llama::Batch;
using llama::Draw;
using llama::Network;
using llama::RowStatistics;

/// A sequence from its first prompt token to its end.
struct Stream {
    std::size_t request = 0;
    std::vector<TokenId> tokens;      ///< the prompt, then what was generated
    std::vector<std::uint32_t> rows;  ///< held cache rows, one for each token except perhaps the last
    std::size_t next = 0;             ///< the first token that has not run
    std::uint32_t future_rows = 0;    ///< rows that the sequence may still need
    std::uint32_t batch_token = 0;    ///< index of its last token in the current batch
};

/// Indices of batch tokens without duplicates, each with the streams that need it.
struct Unique {
    std::vector<std::uint32_t> tokens;
    std::vector<std::vector<Stream*>> askers;
    std::unordered_map<std::uint32_t, std::size_t> places;  // index in `tokens` of each batch token

    void add(Stream& stream) {
        const auto [found, is_new] = places.try_emplace(stream.batch_token, tokens.size());
        if (is_new) {
            tokens.push_back(stream.batch_token);
            askers.emplace_back();
        }
        askers[found->second].push_back(&stream);
    }
};

class Generator {
public:
    Generator(Network& network, PrefixCache& cache, const Tokenizer& tokenizer,
              std::span<const GenerateRequest> requests, Reuse reuse)
        : network_(network),
          cache_(cache),
          tokenizer_(tokenizer),
          requests_(requests),
          reuse_(reuse),
          results_(requests.size()) {}

    std::vector<GenerateResult> run() {
        while (true) {
            admit();
            if (streams_.empty()) return std::move(results_);
            fill();
            if (!batch_.tokens.empty()) network_.run(batch_);
            advance();
        }
    }

private:
    /// Starts requests while rows for their full length are available, so that a running sequence never waits for rows.
    void admit() {
        for (; admitted_ < requests_.size() && streams_.size() < network_.batch_tokens(); ++admitted_) {
            const GenerateRequest& request = requests_[admitted_];
            // The result stays the default: no tokens, Finish::Length.
            if (request.max_tokens == 0) continue;
            if (cache_.held() + rows_needed(request.prompt) + future_rows_ + request.max_tokens > cache_.rows()) return;
            Stream stream{.request = admitted_,
                          .tokens = request.prompt,
                          .rows = {},
                          .next = 0,
                          .future_rows = request.max_tokens,
                          .batch_token = 0};
            for (std::size_t i = 0; i < stream.tokens.size(); ++i) hold_next(stream);
            future_rows_ += stream.future_rows;
            streams_.push_back(std::move(stream));
        }
    }

    /// Number of rows that the prompt needs and that are not held yet.
    std::size_t rows_needed(std::span<const TokenId> prompt) const {
        if (reuse_ == Reuse::None) return prompt.size();
        std::uint32_t row = PrefixCache::kNone;
        for (std::size_t i = 0; i < prompt.size(); ++i) {
            row = cache_.find(row, prompt[i]);
            if (row == PrefixCache::kNone || !cache_.is_held(row)) return prompt.size() - i;
        }
        return 0;
    }

    /// Holds a row for the first token that has none.
    void hold_next(Stream& stream) {
        const std::uint32_t parent = stream.rows.empty() ? PrefixCache::kNone : stream.rows.back();
        stream.rows.push_back(reuse_ == Reuse::None ? cache_.hold_alone()
                                                    : cache_.hold(parent, stream.tokens[stream.rows.size()]));
    }

    /// Fills the batch: first one token of each generating sequence, then prompts in the remaining room.
    void fill() {
        batch_.clear();
        batch_token_of_row_.clear();
        ready_.clear();
        // Sequences with one token left come first: waiting for a long prompt would stall them all.
        std::stable_sort(streams_.begin(), streams_.end(), [](const Stream& a, const Stream& b) {
            return a.tokens.size() - a.next < b.tokens.size() - b.next;
        });
        for (Stream& stream : streams_) {
            schedule(stream);
            if (stream.next == stream.tokens.size()) ready_.push_back(&stream);
            if (batch_.tokens.size() == network_.batch_tokens()) break;
        }
    }

    /// Adds as many tokens of a stream as there is room for. Tokens that are computed already, or in this batch by
    /// another stream, are skipped; the last token always runs, since its logits are needed.
    void schedule(Stream& stream) {
        const std::size_t last = stream.tokens.size() - 1;
        if (stream.rows.size() <= last) {
            hold_next(stream);
            --stream.future_rows;
            --future_rows_;
        }
        while (stream.next < last && cache_.is_computed(stream.rows[stream.next])) ++stream.next;
        // Samples of the same prompt share their last token while their texts are equal.
        if (stream.next == last && find_in_batch(stream)) return;

        const std::size_t table = batch_.rows.size();
        // The rows of the whole prefix are appended to the batch's tables and must fit.
        const std::size_t room = std::min<std::size_t>(stream.tokens.size(), network_.table_rows() - table);
        std::size_t end = stream.next;
        for (; end < room && batch_.tokens.size() < network_.batch_tokens(); ++end) {
            const std::uint32_t row = stream.rows[end];
            if (end < last && cache_.is_computed(row)) continue;
            batch_token_of_row_[row] = stream.batch_token = static_cast<std::uint32_t>(batch_.tokens.size());
            batch_.tokens.push_back(
                {stream.tokens[end], static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(table)});
            cache_.set_computed(row);
        }
        if (end == stream.next) return;
        batch_.rows.insert(batch_.rows.end(), stream.rows.begin(),
                           stream.rows.begin() + static_cast<std::ptrdiff_t>(end));
        stream.next = end;
    }

    /// Whether another stream has the same last token in this batch.
    bool find_in_batch(Stream& stream) const {
        const auto found = batch_token_of_row_.find(stream.rows.back());
        if (found == batch_token_of_row_.end()) return false;
        stream.batch_token = found->second;
        ++stream.next;
        return true;
    }

    /// Chooses the next token of every sequence that has run, and releases finished sequences.
    void advance() {
        Unique greedy;
        std::vector<Stream*> drawing;
        for (Stream* stream : ready_) {
            if (requests_[stream->request].sampling.temperature <= 0) {
                greedy.add(*stream);
            } else {
                drawing.push_back(stream);
            }
        }
        const std::vector<RowStatistics> statistics = network_.statistics(greedy.tokens);
        for (std::size_t i = 0; i < statistics.size(); ++i) {
            for (Stream* stream : greedy.askers[i]) append(*stream, statistics[i].argmax);
        }
        // Network::draw() requires ascending order of token.
        std::stable_sort(drawing.begin(), drawing.end(),
                         [](const Stream* a, const Stream* b) { return a->batch_token < b->batch_token; });
        std::vector<Draw> draws;
        for (const Stream* stream : drawing) {
            const Sampling& sampling = requests_[stream->request].sampling;
            draws.push_back({stream->batch_token, sampling.temperature, sampling.top_p, sampling.top_k,
                             uniform(sampling, stream->rows.size())});
        }
        const std::vector<TokenId> drawn = network_.draw(draws);
        for (std::size_t i = 0; i < drawn.size(); ++i) append(*drawing[i], drawn[i]);
        std::erase_if(streams_, [this](const Stream& stream) {
            if (stream.next < stream.tokens.size()) return false;
            for (const std::uint32_t row : stream.rows) cache_.release(row);
            future_rows_ -= stream.future_rows;
            return true;
        });
    }

    /// Appends a token to the result and, unless it ends the sequence, to the stream.
    void append(Stream& stream, TokenId id) {
        const GenerateRequest& request = requests_[stream.request];
        GenerateResult& result = results_[stream.request];
        if (tokenizer_.is_end(id)) {
            result.finish = Finish::Eos;
            return;
        }
        const std::size_t before = result.text.size();
        result.ids.push_back(id);
        result.text += tokenizer_.decode_after(stream.tokens, {&id, 1});
        stream.tokens.push_back(id);
        const bool stopped = std::any_of(request.stop.begin(), request.stop.end(), [&](const std::string& stop) {
            // Earlier text has been searched already: a new match must end in the new text.
            const std::size_t from = before - std::min(before, stop.size());
            return !stop.empty() && result.text.find(stop, from) != std::string::npos;
        });
        result.finish = stopped ? Finish::Stop : Finish::Length;
        if (stopped || result.ids.size() == request.max_tokens) stream.next = stream.tokens.size();
    }

    Network& network_;
    PrefixCache& cache_;
    const Tokenizer& tokenizer_;
    std::span<const GenerateRequest> requests_;
    Reuse reuse_;
    std::vector<GenerateResult> results_;
    Batch batch_;
    std::unordered_map<std::uint32_t, std::uint32_t> batch_token_of_row_;
    std::vector<Stream> streams_;
    std::vector<Stream*> ready_;
    std::size_t admitted_ = 0;
    std::size_t future_rows_ = 0;  // of all streams
};

}  // namespace

std::vector<GenerateResult> generate(Network& network, PrefixCache& cache, const Tokenizer& tokenizer,
                                     std::span<const GenerateRequest> requests, Reuse reuse) {
    try {
        return Generator(network, cache, tokenizer, requests, reuse).run();
    } catch (...) {
        cache.clear();  // rows of a batch that did not run have no contents
        throw;
    }
}

}  // namespace engine::scheduler
