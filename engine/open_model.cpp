#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "engine/formats/model_file.hpp"
#include "engine/formats/scalar_head.hpp"
#include "engine/llama/forward.hpp"
#include "engine/next_logits.hpp"
#include "engine/scheduler/generator.hpp"
#include "engine/scheduler/hidden_states.hpp"
#include "engine/scheduler/next_logits.hpp"
#include "engine/scheduler/scorer.hpp"
#include "engine/text/tokenizer.hpp"

namespace engine {
namespace {

/// Errors that the caller can fix: exit code 2.
[[noreturn]] void reject(const std::string& what) {
    throw EngineError(EngineError::Kind::Input, what);
}

/// Most frequent by bytes, so that the small f32 tensors do not matter.
std::string most_frequent_type(const formats::ModelFile& file) {
    std::map<std::string, std::uint64_t> bytes;
    for (const formats::TensorInfo& tensor : file.tensors()) {
        // Norm weights are vectors, always in f32.
        if (tensor.rows() > 1) bytes[std::string(formats::layout_of(tensor.type).name)] += tensor.size_bytes;
    }
    const auto most =
        std::max_element(bytes.begin(), bytes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == bytes.end() ? "" : most->first;
}

class LlamaModel final : public LanguageModel, public LogitSource {
public:
    LlamaModel(const std::string& path, const EngineOptions& options)
        : file_(formats::open_model_file(path)),
          tokenizer_(text::make_tokenizer(path, file_->vocabulary())),
          forward_(*file_, options, [this, &options] { begin_fingerprint(options.fingerprint); }),
          cache_(forward_.cache_rows()),
          reuse_(options.reuse ? scheduler::Reuse::SharedPrefixes : scheduler::Reuse::None) {
        const formats::Hyperparameters& shape = forward_.shape();
        text::check_pieces(path, *tokenizer_, shape.vocab);
        if (options.head == Head::Scalar) head_ = formats::read_scalar_head(*file_, shape.dim);
        // Many models have no name; use the file's name instead.
        card_.name = file_->name().empty() ? path.substr(path.find_last_of('/') + 1) : file_->name();
        card_.source = path;
        card_.quantisation = most_frequent_type(*file_);
        card_.dim = shape.dim;
        card_.layers = shape.layers;
        card_.heads = shape.heads;
        card_.kv_heads = shape.kv_heads;
        card_.head_dim = shape.head_dim;
        card_.ffn = shape.ffn;
        card_.vocab = shape.vocab;
        card_.context_length = shape.context;
        for (const formats::TensorInfo& tensor : file_->tensors()) {
            card_.parameters += tensor.columns() * tensor.rows();
            card_.weight_bytes += tensor.size_bytes;
        }
        card_.licence = file_->licence();
        card_.device = fmt::format("{}, {}", forward_.device().info().name, forward_.device().info().driver);
        card_.numerics = forward_.numerics_id();
        card_.warnings = file_->warnings();
        if (options.fingerprint == Fingerprint::WhileLoading) card();
    }

    const ModelCard& card() const override {
        std::call_once(has_fingerprint_, [this] {
            card_.fingerprint = fingerprint_.get();
            file_->check_unchanged();  // what was hashed is what was loaded
        });
        return card_;
    }
    std::uint32_t context_length() const override { return card_.context_length; }
    const Tokenizer& tokenizer() const override { return *tokenizer_; }
    std::optional<ScalarHead> scalar_head() const override { return head_; }
    std::uint64_t tokens_computed() const override { return forward_.tokens_computed(); }

    std::vector<ScoreResult> score(std::span<const ScoreRequest> requests) override;
    void next_logits(std::span<const ScoreRequest> requests, const TakeLogits& take) override;
    std::vector<GenerateResult> generate(std::span<const GenerateRequest> requests) override;
    std::vector<std::vector<float>> hidden_states(std::span<const std::vector<TokenId>> sequences,
                                                  const HiddenStates& wanted) override;

private:
    void begin_fingerprint(Fingerprint when) {
        const auto policy = when == Fingerprint::WhileLoading ? std::launch::async : std::launch::deferred;
        fingerprint_ = std::async(policy, [this] { return file_->fingerprint(); });
    }
    void check_ids(std::span<const TokenId> ids) const;
    void check_requests(std::span<const ScoreRequest> requests) const;

    std::unique_ptr<formats::ModelFile> file_;
    std::shared_future<std::string> fingerprint_;  // computed while the weights are loaded, or by get()
    std::unique_ptr<Tokenizer> tokenizer_;
    llama::Forward forward_;
    scheduler::PrefixCache cache_;
    scheduler::Reuse reuse_;
    std::optional<ScalarHead> head_;
    mutable std::once_flag has_fingerprint_;
    mutable ModelCard card_;  // without the fingerprint until has_fingerprint_
};

void LlamaModel::check_ids(std::span<const TokenId> ids) const {
    for (const TokenId id : ids) {
        if (id < 0 || id >= static_cast<TokenId>(card_.vocab))
            reject(fmt::format("token id {} is outside the vocabulary of {}", id, card_.vocab));
    }
}

void LlamaModel::check_requests(std::span<const ScoreRequest> requests) const {
    for (const ScoreRequest& request : requests) {
        if (request.context.empty() || request.continuation.empty())
            reject("a score needs a context and a continuation of at least one token");
        const std::size_t total = request.context.size() + request.continuation.size() - 1;
        if (total > card_.context_length)
            reject(fmt::format("{} tokens are more than the model's context of {}", total, card_.context_length));
        // An id outside the vocabulary would read beyond the embedding table.
        check_ids(request.context);
        check_ids(request.continuation);
    }
}

std::vector<ScoreResult> LlamaModel::score(std::span<const ScoreRequest> requests) {
    check_requests(requests);
    return scheduler::score(forward_, cache_, requests, reuse_);
}

void LlamaModel::next_logits(std::span<const ScoreRequest> requests, const TakeLogits& take) {
    check_requests(requests);
    scheduler::next_logits(forward_, cache_, requests, reuse_, take);
}

std::vector<GenerateResult> LlamaModel::generate(std::span<const GenerateRequest> requests) {
    for (const GenerateRequest& request : requests) {
        if (request.prompt.empty()) reject("a prompt needs at least one token");
        check_ids(request.prompt);
        if (request.prompt.size() + request.max_tokens > card_.context_length) {
            reject(fmt::format("{} tokens of prompt and {} to generate are more than the model's context of {}",
                               request.prompt.size(), request.max_tokens, card_.context_length));
        }
    }
    return scheduler::generate(forward_, cache_, *tokenizer_, requests, reuse_);
}

std::vector<std::vector<float>> LlamaModel::hidden_states(std::span<const std::vector<TokenId>> sequences,
                                                          const HiddenStates& wanted) {
    if (wanted.layer > card_.layers)
        reject(fmt::format("hidden states of layer {}: the model has {} blocks, expected 0 to {}", wanted.layer,
                           card_.layers, card_.layers));
    for (const std::vector<TokenId>& ids : sequences) {
        if (ids.empty() || ids.size() > card_.context_length)
            reject(fmt::format("hidden states of {} tokens: expected 1 to {}", ids.size(), card_.context_length));
        check_ids(ids);
    }
    return scheduler::hidden_states(forward_, cache_, sequences, wanted, reuse_);
}

}  // namespace

std::unique_ptr<LanguageModel> open_model(const std::string& path, const EngineOptions& options) {
    return std::make_unique<LlamaModel>(path, options);
}

}  // namespace engine
