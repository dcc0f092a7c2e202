#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "engine/formats/fingerprint.hpp"
#include "engine/llama/forward.hpp"
#include "engine/llama/sampler.hpp"
#include "engine/text/tokenizer.hpp"

namespace engine::llama {
namespace {

/// Changes whenever a kernel's order of operations does.
constexpr const char* kNumerics = "exact-1";

[[noreturn]] void reject(const std::string& what) { throw EngineError(EngineError::Kind::Input, what); }

/// Requests with the same context: the context goes through the network once, each continuation has rows of its own.
struct Group {
    const std::vector<TokenId>* context = nullptr;
    std::vector<std::size_t> requests;
    std::uint32_t rows = 0;  ///< cache rows: the context and every continuation but its last token
};

/// A sequence that is being generated.
struct Stream {
    std::size_t request = 0;
    std::uint32_t base = 0;      ///< first cache row
    std::uint32_t position = 0;  ///< of the next token to run
    TokenId next = 0;
};

std::string most_frequent_type(const formats::Gguf& file) {
    std::map<std::string, std::uint64_t> bytes;
    for (const formats::TensorInfo& tensor : file.tensors()) {
        if (tensor.rows() > 1) bytes[std::string(formats::layout_of(tensor.type).name)] += tensor.size_bytes;
    }
    const auto most = std::max_element(bytes.begin(), bytes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == bytes.end() ? "" : most->first;
}

class LlamaModel final : public LanguageModel {
public:
    LlamaModel(const std::string& path, const EngineOptions& options)
        : file_(path), tokenizer_(text::tokenizer_from_gguf(file_)), forward_(file_, options) {
        const Hyperparameters& shape = forward_.shape();
        if (tokenizer_->vocab_size() != static_cast<std::int32_t>(shape.vocab)) {
            reject(fmt::format("{}: the tokenizer has {} pieces, the embedding table {} rows", path, tokenizer_->vocab_size(), shape.vocab));
        }
        card_.name = file_.text("general.name").value_or(path.substr(path.find_last_of('/') + 1));
        card_.source = path;
        card_.fingerprint = formats::sha256_hex(file_.bytes());
        card_.quantisation = most_frequent_type(file_);
        card_.dim = shape.dim;
        card_.layers = shape.layers;
        card_.heads = shape.heads;
        card_.kv_heads = shape.kv_heads;
        card_.head_dim = shape.head_dim;
        card_.ffn = shape.ffn;
        card_.vocab = shape.vocab;
        card_.context_length = shape.context;
        for (const formats::TensorInfo& tensor : file_.tensors()) {
            card_.parameters += tensor.columns() * tensor.rows();
            card_.weight_bytes += tensor.size_bytes;
        }
        card_.device = fmt::format("{}, {}", forward_.device().info().name, forward_.device().info().driver);
        card_.numerics = kNumerics;
    }

    const ModelCard& card() const override { return card_; }
    const Tokenizer& tokenizer() const override { return *tokenizer_; }
    std::uint64_t tokens_computed() const override { return forward_.tokens_computed(); }

    std::vector<ScoreResult> score(std::span<const ScoreRequest> requests) override;
    std::vector<GenerateResult> generate(std::span<const GenerateRequest> requests) override;
    std::vector<float> embed(std::span<const TokenId> ids) override;

private:
    void check_ids(std::span<const TokenId> ids) const;
    std::vector<Group> group(std::span<const ScoreRequest> requests) const;
    void score_wave(std::span<const Group> groups, std::span<const ScoreRequest> requests, std::vector<ScoreResult>& results);
    std::uint32_t prefill(std::span<const TokenId> ids, std::uint32_t base);
    TokenId pick(const GenerateRequest& request, std::uint32_t token, const RowStatistics& statistics, std::uint64_t position);
    bool append(const GenerateRequest& request, GenerateResult& result, TokenId id) const;

    formats::Gguf file_;
    std::unique_ptr<Tokenizer> tokenizer_;
    Forward forward_;
    ModelCard card_;
};

void LlamaModel::check_ids(std::span<const TokenId> ids) const {
    for (const TokenId id : ids) {
        if (id < 0 || id >= static_cast<TokenId>(card_.vocab)) reject(fmt::format("token id {} is outside the vocabulary of {}", id, card_.vocab));
    }
}

std::vector<Group> LlamaModel::group(std::span<const ScoreRequest> requests) const {
    std::vector<Group> groups;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const ScoreRequest& request = requests[i];
        if (request.context.empty() || request.continuation.empty()) reject("a score needs a context and a continuation of one token at least");
        const std::size_t total = request.context.size() + request.continuation.size() - 1;
        if (total > card_.context_length) reject(fmt::format("{} tokens are more than the model's context of {}", total, card_.context_length));
        check_ids(request.context);
        check_ids(request.continuation);
        const auto own = static_cast<std::uint32_t>(request.continuation.size() - 1);
        // The choices of an item stand side by side, so looking at the last group finds what can be shared.
        if (!groups.empty() && *groups.back().context == request.context && groups.back().rows + own <= forward_.cache_rows()) {
            groups.back().requests.push_back(i);
            groups.back().rows += own;
        } else {
            groups.push_back({&request.context, {i}, static_cast<std::uint32_t>(request.context.size()) + own});
        }
    }
    return groups;
}

std::vector<ScoreResult> LlamaModel::score(std::span<const ScoreRequest> requests) {
    std::vector<ScoreResult> results(requests.size());
    const std::vector<Group> groups = group(requests);
    for (std::size_t first = 0; first < groups.size();) {
        std::size_t last = first;
        for (std::uint32_t rows = 0; last < groups.size() && rows + groups[last].rows <= forward_.cache_rows(); ++last) rows += groups[last].rows;
        score_wave(std::span(groups).subspan(first, last - first), requests, results);
        first = last;
    }
    return results;
}

void LlamaModel::score_wave(std::span<const Group> groups, std::span<const ScoreRequest> requests, std::vector<ScoreResult>& results) {
    struct Wanted {
        Target target;
        std::size_t request;
        std::size_t index;
    };
    std::vector<WorkToken> tokens;
    std::vector<Wanted> wanted;
    const auto flush = [&] {
        if (tokens.empty()) return;
        forward_.run(tokens);
        std::vector<Target> targets;
        for (const Wanted& want : wanted) targets.push_back(want.target);
        const std::vector<TokenScore> scores = forward_.score(targets);
        for (std::size_t i = 0; i < wanted.size(); ++i) results[wanted[i].request].tokens[wanted[i].index] = scores[i];
        tokens.clear();
        wanted.clear();
    };
    const auto add = [&](const WorkToken& token) {
        if (tokens.size() == forward_.batch_tokens()) flush();
        tokens.push_back(token);
    };
    std::uint32_t base = 0;
    for (const Group& group : groups) {
        const auto prefix = static_cast<std::uint32_t>(group.context->size());
        for (std::uint32_t p = 0; p < prefix; ++p) add({(*group.context)[p], p, base, prefix, 0});
        for (const std::size_t request : group.requests) {
            results[request].tokens.resize(requests[request].continuation.size());
            wanted.push_back({{static_cast<std::uint32_t>(tokens.size() - 1), requests[request].continuation[0]}, request, 0});
        }
        std::uint32_t own_base = base + prefix;
        for (const std::size_t request : group.requests) {
            const std::vector<TokenId>& continuation = requests[request].continuation;
            for (std::uint32_t i = 0; i + 1 < continuation.size(); ++i) {
                add({continuation[i], prefix + i, base, prefix, own_base});
                wanted.push_back({{static_cast<std::uint32_t>(tokens.size() - 1), continuation[i + 1]}, request, i + 1});
            }
            own_base += static_cast<std::uint32_t>(continuation.size() - 1);
        }
        base = own_base;
    }
    flush();
}

/// Runs a sequence in chunks; returns the index of its last token in the last chunk.
std::uint32_t LlamaModel::prefill(std::span<const TokenId> ids, std::uint32_t base) {
    std::uint32_t last = 0;
    for (std::size_t first = 0; first < ids.size(); first += forward_.batch_tokens()) {
        std::vector<WorkToken> tokens;
        for (std::size_t p = first; p < std::min(ids.size(), first + forward_.batch_tokens()); ++p) {
            tokens.push_back({ids[p], static_cast<std::uint32_t>(p), base, 0, base});
        }
        forward_.run(tokens);
        last = static_cast<std::uint32_t>(tokens.size() - 1);
    }
    return last;
}

TokenId LlamaModel::pick(const GenerateRequest& request, std::uint32_t token, const RowStatistics& statistics, std::uint64_t position) {
    if (request.sampling.temperature <= 0) return statistics.argmax;
    return sample(forward_.logits(token), request.sampling, position);
}

/// Takes a token into the result; false when the sequence ends with it.
bool LlamaModel::append(const GenerateRequest& request, GenerateResult& result, TokenId id) const {
    if (id == tokenizer_->eos_id()) {
        result.finish = Finish::Eos;
        return false;
    }
    result.ids.push_back(id);
    result.text = tokenizer_->decode_after(request.prompt, result.ids);
    for (const std::string& stop : request.stop) {
        if (!stop.empty() && result.text.find(stop) != std::string::npos) {
            result.finish = Finish::Stop;
            return false;
        }
    }
    result.finish = Finish::Length;
    return result.ids.size() < request.max_tokens;
}

std::vector<GenerateResult> LlamaModel::generate(std::span<const GenerateRequest> requests) {
    for (const GenerateRequest& request : requests) {
        if (request.prompt.empty()) reject("a prompt needs one token at least");
        check_ids(request.prompt);
        if (request.prompt.size() + request.max_tokens > card_.context_length) {
            reject(fmt::format("{} tokens of prompt and {} to generate are more than the model's context of {}", request.prompt.size(),
                               request.max_tokens, card_.context_length));
        }
    }
    std::vector<GenerateResult> results(requests.size());
    for (std::size_t first = 0; first < requests.size();) {
        // As many sequences as the cache holds and a batch can carry, each in rows of its own.
        std::vector<Stream> streams;
        std::uint32_t base = 0;
        for (; first < requests.size() && streams.size() < forward_.batch_tokens(); ++first) {
            const GenerateRequest& request = requests[first];
            const auto rows = static_cast<std::uint32_t>(request.prompt.size()) + request.max_tokens;
            if (base + rows > forward_.cache_rows()) break;
            if (request.max_tokens == 0) continue;
            const std::uint32_t last = prefill(request.prompt, base);
            const RowStatistics statistics = forward_.statistics({&last, 1}).at(0);
            const auto position = static_cast<std::uint32_t>(request.prompt.size());
            const TokenId id = pick(request, last, statistics, position);
            if (append(request, results[first], id)) streams.push_back({first, base, position, id});
            base += rows;
        }
        while (!streams.empty()) {
            std::vector<WorkToken> tokens;
            std::vector<std::uint32_t> rows;
            for (const Stream& stream : streams) {
                rows.push_back(static_cast<std::uint32_t>(tokens.size()));
                tokens.push_back({stream.next, stream.position, stream.base, 0, stream.base});
            }
            forward_.run(tokens);
            const std::vector<RowStatistics> statistics = forward_.statistics(rows);
            std::vector<Stream> going;
            for (std::size_t i = 0; i < streams.size(); ++i) {
                Stream stream = streams[i];
                const GenerateRequest& request = requests[stream.request];
                ++stream.position;
                stream.next = pick(request, rows[i], statistics[i], stream.position);
                if (append(request, results[stream.request], stream.next)) going.push_back(stream);
            }
            streams = std::move(going);
        }
    }
    return results;
}

std::vector<float> LlamaModel::embed(std::span<const TokenId> ids) {
    if (ids.empty() || ids.size() > card_.context_length) reject(fmt::format("{} tokens cannot be embedded; 1 to {} can", ids.size(), card_.context_length));
    check_ids(ids);
    return forward_.hidden(prefill(ids, 0));
}

}  // namespace
}  // namespace engine::llama

namespace engine {

std::unique_ptr<LanguageModel> open_model(const std::string& path, const EngineOptions& options) {
    return std::make_unique<llama::LlamaModel>(path, options);
}

}  // namespace engine
