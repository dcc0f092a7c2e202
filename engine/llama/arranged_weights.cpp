#include "engine/llama/arranged_weights.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

#include "engine/base/part_file.hpp"
#include "engine/base/sha256.hpp"
#include "engine/language_model.hpp"

namespace engine::llama {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTitle = "bellwether weights in device order 1\n";
// Samples of the model file's bytes for the name of the cache file. Hashing all bytes would delay every start; open()
// checks the header.
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

/// The header without its padding.
std::string head_of(const std::string& fingerprint, const std::string& content) {
    return kTitle + fingerprint + "\n" + content + "\n";
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
                                                     const std::function<std::string()>& fingerprint) {
    std::uint64_t size = kArrangedAlign;
    for (const MatrixPlan* matrix : plan.matrices()) size += aligned(matrix->bytes);
    std::error_code absent;
    // Cheap checks come first: the digest reads the whole file.
    if (fs::file_size(path, absent) != size || absent) return std::nullopt;
    formats::MappedFile file(path);
    const std::span<const std::byte> bytes = file.bytes();
    if (bytes.size() != size) return std::nullopt;
    ContentDigest content;
    content.add(bytes.subspan(kArrangedAlign));
    const std::string head = head_of(fingerprint(), content.hex());
    // Last, since computing the model's fingerprint takes longest.
    if (std::memcmp(bytes.data(), head.data(), head.size()) != 0) return std::nullopt;
    std::vector<std::span<const std::byte>> matrices;
    std::uint64_t offset = kArrangedAlign;
    for (const MatrixPlan* matrix : plan.matrices()) {
        matrices.push_back(bytes.subspan(offset, matrix->bytes));
        offset += aligned(matrix->bytes);
    }
    return ArrangedWeights(std::move(file), std::move(matrices));
}

void ArrangedWeights::write(const std::string& path, const WeightsPlan& plan, const std::string& fingerprint,
                            const Arrange& arrange) {
    try {
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
        const std::string head = head_of(fingerprint, content.hex());
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
