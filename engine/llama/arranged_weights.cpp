#include "engine/llama/arranged_weights.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "engine/base/gmac.hpp"
#include "engine/base/hex.hpp"
#include "engine/base/part_file.hpp"
#include "engine/base/sha256.hpp"
#include "engine/language_model.hpp"

namespace engine::llama {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTitle = "bellwether weights in device order 2\n";
// Samples of the model file's bytes for the name of the cache file, which must be known before open() reads all
// bytes of both files.
constexpr std::size_t kSamples = 64;
constexpr std::size_t kSampleBytes = 4096;

std::uint64_t aligned(std::uint64_t size) {
    return (size + kArrangedAlign - 1) / kArrangedAlign * kArrangedAlign;
}

/// Digest of everything after the header. XXH3 is as fast as reading memory; it does not protect against forgery, which
/// is not needed in the user's own folder.
class ContentDigest {
public:
    ContentDigest() : state_(XXH3_createState()) { XXH3_128bits_reset(state_.get()); }
    void add(std::span<const std::byte> bytes) { XXH3_128bits_update(state_.get(), bytes.data(), bytes.size()); }
    std::string hex() const {
        const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
        return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
    }

private:
    struct Free {
        void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
    };
    std::unique_ptr<XXH3_state_t, Free> state_;
};

/// Code of all bytes of a model. Nobody may be able to make a model that passes for another one, and who makes models
/// does not know the key, which is drawn when a file is written.
std::string model_code(const formats::ModelFile& model, const base::MacKey& key) {
    return base::gmac_hex(key, model.contents(), [&model](std::span<const std::byte> read) { model.release(read); });
}

/// The header without its padding.
std::string head_of(const base::MacKey& key, const std::string& model, const std::string& content) {
    return fmt::format("{}{}\n{}\n{}\n", kTitle, base::to_hex(key), model, content);
}

/// The key in a header; nullopt when it is no header of this version.
std::optional<base::MacKey> key_in(std::span<const std::byte> header) {
    const std::string_view text(reinterpret_cast<const char*>(header.data()), header.size());
    base::MacKey key = {};
    if (!text.starts_with(kTitle) || !base::from_hex(text.substr(kTitle.size(), 2 * key.size()), key))
        return std::nullopt;
    return key;
}

}  // namespace

std::string arranged_path(const std::string& folder, const formats::ModelFile& model, const WeightsPlan& plan,
                          std::uint32_t lanes) {
    std::string identity;
    for (const std::span<const std::byte> bytes : model.contents())
        identity += fmt::format("{} bytes, {} lanes\n", bytes.size(), lanes);
    for (const MatrixPlan* matrix : plan.matrices()) {
        for (const formats::TensorInfo* tensor : matrix->tensors)
            identity += fmt::format("{} {} {} {}\n", tensor->name, formats::layout_of(tensor->type).name,
                                    matrix->blocks, tensor->rows());
    }
    for (const std::span<const std::byte> bytes : model.contents()) {
        for (std::size_t i = 0; i < kSamples; ++i) {
            const std::size_t offset = (bytes.size() - std::min(bytes.size(), kSampleBytes)) / (kSamples - 1) * i;
            const auto sample = bytes.subspan(offset, std::min(kSampleBytes, bytes.size() - offset));
            identity.append(reinterpret_cast<const char*>(sample.data()), sample.size());
        }
    }
    return (fs::path(folder) / (base::sha256_hex(std::as_bytes(std::span(identity))) + ".weights")).string();
}

std::optional<ArrangedWeights> ArrangedWeights::open(const std::string& path, const WeightsPlan& plan,
                                                     const formats::ModelFile& model) {
    std::uint64_t size = kArrangedAlign;
    for (const MatrixPlan* matrix : plan.matrices()) size += aligned(matrix->bytes);
    std::error_code absent;
    // Cheap checks come first: the codes read both files whole.
    if (fs::file_size(path, absent) != size || absent) return std::nullopt;
    formats::MappedFile file(path);
    const std::span<const std::byte> bytes = file.bytes();
    if (bytes.size() != size) return std::nullopt;
    const std::optional<base::MacKey> key = key_in(bytes.first(kArrangedAlign));
    if (!key) return std::nullopt;
    std::future<std::string> code = std::async(std::launch::async, model_code, std::cref(model), *key);
    ContentDigest content;
    content.add(bytes.subspan(kArrangedAlign));
    const std::string head = head_of(*key, code.get(), content.hex());
    if (std::memcmp(bytes.data(), head.data(), head.size()) != 0) return std::nullopt;
    std::vector<std::span<const std::byte>> matrices;
    std::uint64_t offset = kArrangedAlign;
    for (const MatrixPlan* matrix : plan.matrices()) {
        matrices.push_back(bytes.subspan(offset, matrix->bytes));
        offset += aligned(matrix->bytes);
    }
    return ArrangedWeights(std::move(file), std::move(matrices));
}

void ArrangedWeights::write(const std::string& path, const WeightsPlan& plan, const formats::ModelFile& model,
                            const Arrange& arrange) {
    try {
        const base::MacKey key = base::random_key();
        const base::PartFile part(path);
        ContentDigest content;
        std::uint64_t offset = kArrangedAlign;
        for (const MatrixPlan* matrix : plan.matrices()) {
            // One matrix at a time, so that writing needs little memory.
            std::vector<std::byte> bytes(aligned(matrix->bytes));
            arrange(*matrix, std::span(bytes).first(matrix->bytes));
            content.add(bytes);
            part.write(bytes, offset);
            offset += bytes.size();
        }
        const std::string head = head_of(key, model_code(model, key), content.hex());
        part.write(std::as_bytes(std::span(head)), 0);
        part.finish();
    } catch (const std::runtime_error& error) {
        throw EngineError(EngineError::Kind::Input,
                          fmt::format("{}: cannot write the weights cache: {}; without --weights-cache weights are "
                                      "arranged at each start",
                                      path, error.what()));
    }
}

std::span<const std::byte> ArrangedWeights::matrix(std::size_t index) const {
    return matrices_.at(index);
}

}  // namespace engine::llama
