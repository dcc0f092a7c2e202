#include "engine/scheduler/generator.hpp"

#include <algorithm>

#include "engine/scheduler/row_pool.hpp"
#include "engine/scheduler/sampler.hpp"

namespace engine::scheduler {
namespace {

/// A sequence from its first prompt token to its end.
struct Stream {
    std::size_t request = 0;
    std::vector<std::uint32_t> rows;  ///< cache row of each position that has run
    std::vector<TokenId> pending;     ///< tokens to run, in order: the rest of the prompt, or the token just generated
    std::size_t next = 0;             ///< in pending
    std::uint32_t reserved = 0;       ///< rows that it may still take
    std::uint32_t batch_token = 0;    ///< of its last token in the batch that ran
};

class Generator {
public:
    Generator(Network& network, const Tokenizer& tokenizer, std::span<const GenerateRequest> requests)
        : network_(network),
          tokenizer_(tokenizer),
          requests_(requests),
          results_(requests.size()),
          pool_(network.cache_rows()) {}

    std::vector<GenerateResult> run() {
        while (true) {
            admit();
            if (streams_.empty()) return std::move(results_);
            fill();
            network_.run(batch_);
            advance();
        }
    }

private:
    /// Takes in requests while their whole length fits: a sequence once begun never waits for rows.
    void admit() {
        for (; admitted_ < requests_.size() && streams_.size() < network_.batch_tokens(); ++admitted_) {
            const GenerateRequest& request = requests_[admitted_];
            if (request.max_tokens == 0) continue;
            const auto rows = static_cast<std::uint32_t>(request.prompt.size()) + request.max_tokens;
            if (reserved_ + rows > network_.cache_rows()) return;
            reserved_ += rows;
            streams_.push_back({.request = admitted_,
                                .rows = {},
                                .pending = request.prompt,
                                .next = 0,
                                .reserved = rows,
                                .batch_token = 0});
        }
    }

    /// Sequences being generated come first: one token each; prompts share what room is left.
    void fill() {
        batch_.clear();
        ready_.clear();
        std::stable_sort(streams_.begin(), streams_.end(), [](const Stream& a, const Stream& b) {
            return a.pending.size() - a.next < b.pending.size() - b.next;
        });
        for (Stream& stream : streams_) {
            const std::size_t waiting = stream.pending.size() - stream.next;
            const std::size_t room = network_.batch_tokens() - batch_.tokens.size();
            const std::size_t table_room = network_.table_rows() - batch_.rows.size();
            if (room == 0 || table_room <= stream.rows.size()) break;
            const std::size_t count = std::min({waiting, room, table_room - stream.rows.size()});
            const auto table = static_cast<std::uint32_t>(batch_.rows.size());
            for (std::size_t i = 0; i < count; ++i) {
                batch_.tokens.push_back(
                    {stream.pending[stream.next++], static_cast<std::uint32_t>(stream.rows.size()), table});
                stream.rows.push_back(pool_.take());
            }
            batch_.rows.insert(batch_.rows.end(), stream.rows.begin(), stream.rows.end());
            stream.batch_token = static_cast<std::uint32_t>(batch_.tokens.size() - 1);
            if (stream.next == stream.pending.size()) ready_.push_back(&stream);
        }
    }

    /// Draws the next token of every sequence that has none pending, and lets the finished ones go.
    void advance() {
        std::vector<std::uint32_t> rows;
        for (const Stream* stream : ready_) rows.push_back(stream->batch_token);
        const std::vector<RowStatistics> statistics = network_.statistics(rows);
        for (std::size_t i = 0; i < ready_.size(); ++i) {
            Stream& stream = *ready_[i];
            const GenerateRequest& request = requests_[stream.request];
            const TokenId id = request.sampling.temperature <= 0
                                   ? statistics[i].argmax
                                   : sample(network_.logits(stream.batch_token), request.sampling, stream.rows.size());
            stream.pending.clear();
            stream.next = 0;
            if (append(request, results_[stream.request], id)) stream.pending.push_back(id);
        }
        std::erase_if(streams_, [this](const Stream& stream) {
            if (!stream.pending.empty()) return false;
            for (const std::uint32_t row : stream.rows) pool_.release(row);
            reserved_ -= stream.reserved;
            return true;
        });
    }

    /// Takes a token into the result; false when the sequence ends with it.
    bool append(const GenerateRequest& request, GenerateResult& result, TokenId id) const {
        if (id == tokenizer_.eos_id()) {
            result.finish = Finish::Eos;
            return false;
        }
        result.ids.push_back(id);
        result.text = tokenizer_.decode_after(request.prompt, result.ids);
        for (const std::string& stop : request.stop) {
            if (!stop.empty() && result.text.find(stop) != std::string::npos) {
                result.finish = Finish::Stop;
                return false;
            }
        }
        result.finish = Finish::Length;
        return result.ids.size() < request.max_tokens;
    }

    Network& network_;
    const Tokenizer& tokenizer_;
    std::span<const GenerateRequest> requests_;
    std::vector<GenerateResult> results_;
    RowPool pool_;
    Batch batch_;
    std::vector<Stream> streams_;
    std::vector<Stream*> ready_;
    std::size_t admitted_ = 0;
    std::uint32_t reserved_ = 0;
};

}  // namespace

std::vector<GenerateResult> generate(Network& network, const Tokenizer& tokenizer,
                                     std::span<const GenerateRequest> requests) {
    return Generator(network, tokenizer, requests).run();
}

}  // namespace engine::scheduler
