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

namespace engine {

/// Index into a model's vocabulary, 0 <= id < vocab_size.
using TokenId = std::int32_t;

/// Whether `Tokenizer::encode` puts the BOS id in front.
enum class Bos { No, Yes, ModelDefault };

/// Text <-> token ids of one model. Const member functions may be called from any thread.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// Ids of `text`, which is treated as plain text throughout: `<s>`, `[INST]` and the like
    /// never become control tokens. Pieces that the vocabulary marks as user-defined are found first, whatever stands
    /// around them. An empty text gives no ids besides BOS.
    virtual std::vector<TokenId> encode(std::string_view text, Bos bos) const = 0;

    /// Text of a whole sequence. Control tokens give nothing, the dummy leading space is dropped,
    /// byte pieces are joined to bytes. The result may be invalid UTF-8 when a sequence is cut
    /// inside a character.
    virtual std::string decode(std::span<const TokenId> ids) const = 0;

    /// Text that `ids` add when they follow `prompt`: a leading space is kept.
    virtual std::string decode_after(std::span<const TokenId> prompt, std::span<const TokenId> ids) const = 0;

    /// The vocabulary's own spelling of a token, e.g. `▁the` or `<0x0A>`. Throws
    /// std::out_of_range for an id outside the vocabulary.
    virtual std::string piece(TokenId id) const = 0;

    virtual std::int32_t vocab_size() const = 0;
    virtual TokenId bos_id() const = 0;
    virtual TokenId eos_id() const = 0;
    /// Whether generation ends with this token: EOS, and what else the model file names as an end of a turn.
    virtual bool is_end(TokenId id) const { return id == eos_id(); }
    /// The control or user-defined token that is spelled so, e.g. `<|im_start|>`.
    virtual std::optional<TokenId> special_id(std::string_view /*spelling*/) const { return std::nullopt; }
    /// The Jinja template in which the model's dialogues are written; empty: the file has none.
    virtual std::string_view chat_template() const { return {}; }
    /// What the model file says about putting BOS in front (Llama 2: true).
    virtual bool adds_bos() const = 0;
};

/// What is known of a model without running it.
struct ModelCard {
    std::string name;          ///< general.name of the file, or the file's stem
    std::string source;        ///< the MODEL argument it was opened with
    std::string fingerprint;   ///< SHA-256 (hex) of the whole file's content
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
    std::string device;    ///< device and driver name and version
    std::string numerics;  ///< identifies the kernels' arithmetic; runs with another id may differ in bits
    /// What the model file holds that is not used, and what in it looks like a mistake: sentences for people.
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

    double logprob() const;  ///< the sum, in order of position
    bool greedy() const;     ///< every token is the argmax
};

/// temperature 0 is greedy. Otherwise softmax(logits / temperature), the top_k most probable
/// (0 = all), then drop a token when the mass before it exceeds top_p, renormalise, draw.
/// The draw at a position depends on (seed, item, sample, position) alone.
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
    std::vector<std::string> stop;  ///< generation ends once the text contains one of them
    Sampling sampling;
};

enum class Finish { Eos, Stop, Length };
std::string_view to_string(Finish finish);  ///< "eos", "stop", "length"

struct GenerateResult {
    std::vector<TokenId> ids;  ///< without EOS
    std::string text;          ///< decode_after(prompt, ids); a stop string is not cut off
    Finish finish = Finish::Length;
};

/// Whether a state has gone through the norm that stands between the last block and the output matrix.
enum class FinalNorm { Applied, LeftOut };

/// What of a sequence's states is answered: that of its last token, or their mean over all of its tokens.
enum class Pooling { Last, Mean };

/// Which states of the network are asked for.
struct HiddenStates {
    /// How many of the network's blocks have run: 0 is the token's embedding, `ModelCard::layers` the state behind the
    /// last block.
    std::uint32_t layer = 0;
    FinalNorm final_norm = FinalNorm::Applied;
    Pooling pooling = Pooling::Last;
};

/// The model or the device failed, or a request is outside the limits above.
class EngineError : public std::runtime_error {
public:
    /// Input: the file or the request is wrong (exit code 2). Device: the work failed (exit code 3). Stopped: it was
    /// asked to end by `EngineOptions::before_forward`; the model can be used on (exit code 3).
    enum class Kind { Input, Device, Stopped };
    EngineError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

/// A model ready to answer. Answers are bit-identical whatever else is in the span.
/// Not thread-safe. All functions throw EngineError; (Device) also where the network's results are not numbers, as with
/// a damaged file.
class LanguageModel {
public:
    virtual ~LanguageModel() = default;
    virtual const ModelCard& card() const = 0;
    virtual const Tokenizer& tokenizer() const = 0;
    /// One result per request, in the order of the requests.
    virtual std::vector<ScoreResult> score(std::span<const ScoreRequest> requests) = 0;
    virtual std::vector<GenerateResult> generate(std::span<const GenerateRequest> requests) = 0;
    /// One vector [dim] per sequence, in the order of the sequences, each of 1 to context_length tokens. Ids are taken
    /// as they are: no BOS is added. A mean is summed in f64 in the order of positions, then rounded to f32; the norm
    /// is applied before.
    virtual std::vector<std::vector<float>> hidden_states(std::span<const std::vector<TokenId>> sequences,
                                                          const HiddenStates& wanted) = 0;
    /// Tokens that went through the network since the model was opened.
    virtual std::uint64_t tokens_computed() const = 0;
};

/// How matrices are multiplied. Both give the same bits whatever the batch; a run states which it used.
enum class Numerics {
    Exact,  ///< activations and sums in f32
    Fast,   ///< activations of quantised matrices in 8-bit integers per block of 32, or in halves (engine/README.md)
};

/// Which kernels to use. Everything but Automatic is for tests and measurements: it takes kernels that the device can
/// run and would not be given.
enum class Kernels { Automatic, Software, Gpu, GpuDot, GpuMatrix };

/// How bytes reach the device. Everything but Automatic is for tests: Staged goes through staging memory where the host
/// sees the device's own.
enum class Transfers { Automatic, Staged };

struct EngineOptions {
    std::string device;              ///< part of a device's name or its index; empty: the best one
    std::uint32_t context = 0;       ///< tokens of KV cache per sequence at most; 0: the model's own
    std::uint32_t batch_tokens = 0;  ///< tokens per forward at most; 0: chosen for the device
    bool reuse = true;               ///< compute shared prefixes once; off gives the same bits, slower
    Numerics numerics = Numerics::Exact;
    Kernels kernels = Kernels::Automatic;
    Transfers transfers = Transfers::Automatic;
    /// A folder in which the weights are kept in device order, a file as large as the model for each, so that a device
    /// that shares the host's memory uses them where they lie; empty: they are put into that order at each start.
    std::string weights_cache = {};
    std::uint64_t memory_bytes = 0;  ///< of the device at most, weights and all; 0: most of what it has free
    /// Called before every forward with the model's `tokens_computed`. Where it says false, the call that is running
    /// ends with an EngineError (Stopped) and no results; later calls give the same bits as ever.
    std::function<bool(std::uint64_t tokens_computed)> before_forward = {};
};

/// Opens a GGUF file on a Vulkan device. Throws EngineError (Input) for a file that is missing,
/// damaged or of an unsupported kind, EngineError (Device) when there is no usable device or memory.
std::unique_ptr<LanguageModel> open_model(const std::string& path, const EngineOptions& options = {});

/// The tokenizer alone, of a GGUF (also vocabulary-only) or of a sentencepiece `tokenizer.model`.
std::unique_ptr<Tokenizer> open_tokenizer(const std::string& path);

}  // namespace engine
