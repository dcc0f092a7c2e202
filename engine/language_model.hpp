#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/licence.hpp"

namespace engine {

/// Index into a model's vocabulary, 0 <= id < vocab_size.
using TokenId = std::int32_t;

/// Whether `Tokenizer::encode` puts the BOS id first.
enum class Bos { No, Yes, ModelDefault };

/// Converts between text and token ids of one model. Const member functions may be called from any thread.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// Token ids of `text`, all of which is plain text: `<s>`, `[INST]` and the like never become control tokens.
    /// Pieces that the vocabulary marks as user-defined are matched first, whatever surrounds them. An empty text gives
    /// no ids except BOS.
    virtual std::vector<TokenId> encode(std::string_view text, Bos bos) const = 0;

    /// Text of a complete sequence, without control tokens and without the leading space that encoding adds. Byte
    /// pieces become bytes. The result may be invalid UTF-8 when a sequence is cut inside a character.
    virtual std::string decode(std::span<const TokenId> ids) const = 0;

    /// Text that `ids` add when they follow `prompt`; a leading space is kept.
    virtual std::string decode_after(std::span<const TokenId> prompt, std::span<const TokenId> ids) const = 0;

    /// The vocabulary's own spelling of a token, e.g. `▁the` or `<0x0A>`. Throws
    /// std::out_of_range for an id outside the vocabulary.
    virtual std::string piece(TokenId id) const = 0;

    virtual std::int32_t vocab_size() const = 0;
    virtual TokenId bos_id() const = 0;
    virtual TokenId eos_id() const = 0;
    /// Whether generation ends with this token: EOS, or another token that the model file marks as the end of a turn.
    virtual bool is_end(TokenId id) const { return id == eos_id(); }
    /// The control or user-defined token with this spelling, e.g. `<|im_start|>`.
    virtual std::optional<TokenId> special_id(std::string_view /*spelling*/) const { return std::nullopt; }
    /// The model's Jinja chat template; empty: the file has none.
    virtual std::string_view chat_template() const { return {}; }
    /// Whether the model file asks for BOS at the start (Llama 2: true).
    virtual bool adds_bos() const = 0;
};

/// Description of a model.
struct ModelCard {
    std::string name;          ///< general.name of the file, or the file's stem
    std::string source;        ///< the MODEL argument it was opened with
    std::string fingerprint;   ///< SHA-256 (hex) of the model file's content
    std::string quantisation;  ///< the most frequent type of the matrices, e.g. "Q4_0"
    std::uint32_t dim = 0;
    std::uint32_t layers = 0;
    std::uint32_t heads = 0;
    std::uint32_t kv_heads = 0;
    std::uint32_t head_dim = 0;
    std::uint32_t ffn = 0;
    std::uint32_t vocab = 0;
    std::uint32_t context_length = 0;  ///< tokens
    std::uint64_t parameters = 0;
    std::uint64_t weight_bytes = 0;
    Licence licence;
    std::string device;    ///< device and driver name and version
    std::string numerics;  ///< id of the kernels' arithmetic; results with different ids may differ in bits
    /// Warnings, one sentence each: unused content of the model file, and likely mistakes in it.
    std::vector<std::string> warnings;
};

/// log P(continuation | context). Ids are taken as they are: no BOS is added.
/// context.size() >= 1, continuation.size() >= 1, and
/// context.size() + continuation.size() - 1 <= context_length.
struct ScoreRequest {
    std::vector<TokenId> context;
    std::vector<TokenId> continuation;
};

struct TokenScore {
    TokenId id = 0;
    double logprob = 0;   ///< natural log of the softmax over the whole vocabulary
    bool greedy = false;  ///< id is the argmax (the lowest id wins a tie)
};

struct ScoreResult {
    std::vector<TokenScore> tokens;  ///< [continuation.size()]

    double logprob() const;  ///< sum over the tokens, in order of position
    bool greedy() const;     ///< every token is the argmax
};

/// temperature 0 is greedy. Otherwise: softmax(logits / temperature); keep the top_k most probable tokens (0 = all);
/// drop a token when the total probability of the more probable ones exceeds top_p; renormalise; sample. The random
/// number at a position depends only on (seed, item, sample, position).
struct Sampling {
    float temperature = 0.0F;
    float top_p = 1.0F;
    std::uint32_t top_k = 0;
    std::uint64_t seed = 1;
    std::uint64_t item = 0;
    std::uint32_t sample = 0;
};

/// prompt.size() >= 1 and prompt.size() + max_tokens <= context_length.
struct GenerateRequest {
    std::vector<TokenId> prompt;
    std::uint32_t max_tokens = 256;
    std::vector<std::string> stop;  ///< generation ends when the text contains one of them
    Sampling sampling;
};

enum class Finish { Eos, Stop, Length };
std::string_view to_string(Finish finish);  ///< "eos", "stop", "length"

struct GenerateResult {
    std::vector<TokenId> ids;  ///< without EOS
    std::string text;          ///< decode_after(prompt, ids); a stop string is not cut off
    Finish finish = Finish::Length;
};

/// Whether the norm between the last block and the output matrix is applied to a state.
enum class FinalNorm { Applied, LeftOut };

/// Which state represents a sequence: that of its last token, or the mean over all its tokens.
enum class Pooling { Last, Mean };

/// Which hidden states to return.
struct HiddenStates {
    /// Number of blocks that have run: 0 is the token's embedding, `ModelCard::layers` the state after the last block.
    std::uint32_t layer = 0;
    FinalNorm final_norm = FinalNorm::Applied;
    Pooling pooling = Pooling::Last;
};

/// What turns a hidden state of the last layer, after the final norm, into one number: weights . state + bias.
struct ScalarHead {
    std::vector<float> weights;  ///< [dim]
    float bias = 0;
};

/// The model or the device failed, or a request exceeds the limits above.
class EngineError : public std::runtime_error {
public:
    /// Input: the file or the request is wrong (exit code 2). Device: the work failed (exit code 3). Stopped:
    /// `EngineOptions::before_forward` returned false (exit code 3); the model can still be used.
    enum class Kind { Input, Device, Stopped };
    EngineError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

/// A loaded model. A result has the same bits whatever other requests are in the span. Not thread-safe. All functions
/// throw EngineError; (Device) also when the network gives NaN or infinity, for example with a damaged file.
class LanguageModel {
public:
    virtual ~LanguageModel() = default;
    virtual const ModelCard& card() const = 0;
    /// ModelCard::context_length, without the fingerprint's being computed for it: see Fingerprint.
    virtual std::uint32_t context_length() const { return card().context_length; }
    virtual const Tokenizer& tokenizer() const = 0;
    /// One result per request, in the order of the requests.
    virtual std::vector<ScoreResult> score(std::span<const ScoreRequest> requests) = 0;
    virtual std::vector<GenerateResult> generate(std::span<const GenerateRequest> requests) = 0;
    /// One vector [dim] per sequence, in the order of the sequences. A sequence has 1 to context_length tokens, to
    /// which no BOS is added. A mean is summed in f64 in the order of positions, after the norm, then rounded to f32.
    virtual std::vector<std::vector<float>> hidden_states(std::span<const std::vector<TokenId>> sequences,
                                                          const HiddenStates& wanted) = 0;
    /// Of a reward model that was opened as one; nullopt for a language model.
    virtual std::optional<ScalarHead> scalar_head() const { return std::nullopt; }
    /// Tokens that went through the network since the model was opened.
    virtual std::uint64_t tokens_computed() const = 0;
};

/// How matrices are multiplied. With either, results do not depend on the batch; a run stores which one it used.
enum class Numerics {
    Exact,  ///< activations and sums in f32
    Fast,   ///< activations of quantised matrices in 8-bit integers per block of 32, or in f16 (engine/README.md)
};

/// Which kernels to use. All values except Automatic are for tests and measurements: they select kernels that Automatic
/// may not choose for the device.
enum class Kernels { Automatic, Software, Gpu, GpuDot, GpuMatrix };

/// How bytes reach the device. Staged is for tests: it uses staging memory even if the host can map the device's
/// memory.
enum class Transfers { Automatic, Staged };

/// What a file is opened for. A file with a scalar head is no language model, and the other way round.
enum class Head { Tokens, Scalar };

/// When the model's fingerprint is computed. It takes as long as loading the weights and needs a processor of its own.
enum class Fingerprint {
    WhileLoading,
    WhenAsked,  ///< by the first call of card(): for callers that most likely never ask
};

struct EngineOptions {
    std::string device;              ///< index or part of the name of a device; empty: the best one
    std::uint32_t context = 0;       ///< maximum tokens of a sequence; 0: the model's own
    std::uint32_t batch_tokens = 0;  ///< maximum tokens per forward pass; 0: chosen for the device
    bool reuse = true;               ///< compute shared prefixes once; false gives the same bits, slower
    Numerics numerics = Numerics::Exact;
    Kernels kernels = Kernels::Automatic;
    Transfers transfers = Transfers::Automatic;
    /// Folder for weights in device order, one file per model and as large as the model: a device that shares the
    /// host's memory uses the file in place. Empty: the weights are rearranged at each start.
    std::string weights_cache = {};
    Head head = Head::Tokens;
    Fingerprint fingerprint = Fingerprint::WhileLoading;
    std::uint64_t memory_bytes = 0;  ///< maximum device memory in total; 0: most of the free memory
    /// Called before every forward pass with the model's `tokens_computed`. When it returns false, the running call
    /// throws EngineError (Stopped) and gives no results; later calls are not affected.
    std::function<bool(std::uint64_t tokens_computed)> before_forward = {};
};

/// Opens a GGUF file on a Vulkan device. Throws EngineError (Input) for a file that is missing,
/// damaged or of an unsupported kind, EngineError (Device) when there is no usable device or memory.
std::unique_ptr<LanguageModel> open_model(const std::string& path, const EngineOptions& options = {});

/// Opens only the tokenizer, from a GGUF file (with or without weights) or a sentencepiece `tokenizer.model`. Throws
/// EngineError (Input).
std::unique_ptr<Tokenizer> open_tokenizer(const std::string& path);

}  // namespace engine
