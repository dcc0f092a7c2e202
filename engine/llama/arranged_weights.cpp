#include "engine/llama/arranged_weights.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/formats/fingerprint.hpp"
#include "engine/language_model.hpp"

namespace engine::llama {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTitle = "bellwether weights in device order 1\n";
constexpr std::size_t kSamples = 64;
constexpr std::size_t kSampleBytes = 4096;

std::uint64_t aligned(std::uint64_t size) {
    return (size + kArrangedAlign - 1) / kArrangedAlign * kArrangedAlign;
}

/// Of all after the head. Not against forgery, as the folder is the user's own: as fast as memory is read.
std::string content_digest(std::span<const std::byte> file) {
    const std::span<const std::byte> content = file.subspan(kArrangedAlign);
    const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

/// The head without the padding after it.
std::string head_of(const std::string& fingerprint, const std::string& content) {
    return kTitle + fingerprint + "\n" + content + "\n";
}

/// Where the matrices lie, and last where the file ends.
std::vector<std::uint64_t> offsets_of(const WeightsPlan& plan) {
    std::vector<std::uint64_t> offsets = {kArrangedAlign};
    for (const MatrixPlan* matrix : plan.matrices()) offsets.push_back(offsets.back() + aligned(matrix->bytes));
    return offsets;
}

/// A file that goes unless it comes to its end.
class PartFile {
public:
    explicit PartFile(const std::string& path) : path_(path), part_(fmt::format("{}.{}.part", path, ::getpid())) {
        std::error_code error;
        fs::create_directories(fs::path(path).parent_path(), error);
        if (error) fail(error.message());
        descriptor_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (descriptor_ < 0) fail(std::strerror(errno));
    }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
        ::unlink(part_.c_str());
    }

    void write(std::span<const std::byte> bytes, std::uint64_t offset) const {
        while (!bytes.empty()) {
            const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) fail(std::strerror(errno));
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
    }

    std::string digest() const {
        const formats::MappedFile file(part_);
        return content_digest(file.bytes());
    }

    void finish() const {
        if (::fsync(descriptor_) != 0 || ::rename(part_.c_str(), path_.c_str()) != 0) fail(std::strerror(errno));
    }

private:
    [[noreturn]] void fail(const std::string& why) const {
        throw EngineError(EngineError::Kind::Input,
                          fmt::format("{}: the weights cannot be kept there: {}; without --weights-cache they are "
                                      "put into device order at each start",
                                      path_, why));
    }

    std::string path_;
    std::string part_;
    int descriptor_ = -1;
};

}  // namespace

std::string arranged_path(const std::string& folder, const formats::Gguf& model, const WeightsPlan& plan,
                          std::uint32_t lanes) {
    const std::span<const std::byte> bytes = model.bytes();
    std::string identity = fmt::format("{} bytes, {} lanes\n", bytes.size(), lanes);
    for (const MatrixPlan* matrix : plan.matrices()) {
        for (const formats::TensorInfo* tensor : matrix->tensors)
            identity += fmt::format("{} {} {} {}\n", tensor->name, formats::layout_of(tensor->type).name,
                                    matrix->blocks, tensor->rows());
    }
    for (std::size_t i = 0; i < kSamples; ++i) {
        const std::size_t offset = (bytes.size() - std::min(bytes.size(), kSampleBytes)) / (kSamples - 1) * i;
        const auto sample = bytes.subspan(offset, std::min(kSampleBytes, bytes.size() - offset));
        identity.append(reinterpret_cast<const char*>(sample.data()), sample.size());
    }
    return (fs::path(folder) / (formats::sha256_hex(std::as_bytes(std::span(identity))) + ".weights")).string();
}

std::optional<ArrangedWeights> ArrangedWeights::open(const std::string& path, const WeightsPlan& plan,
                                                     const std::function<std::string()>& fingerprint) {
    const std::vector<std::uint64_t> offsets = offsets_of(plan);
    std::error_code absent;
    if (fs::file_size(path, absent) != offsets.back() || absent) return std::nullopt;
    formats::MappedFile file(path);
    const std::span<const std::byte> bytes = file.bytes();
    if (bytes.size() != offsets.back()) return std::nullopt;
    const std::string head = head_of(fingerprint(), content_digest(bytes));
    if (std::memcmp(bytes.data(), head.data(), head.size()) != 0) return std::nullopt;
    std::vector<std::span<const std::byte>> matrices;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i)
        matrices.push_back(bytes.subspan(offsets[i], plan.matrices()[i]->bytes));
    return ArrangedWeights(std::move(file), std::move(matrices));
}

void ArrangedWeights::write(const std::string& path, const WeightsPlan& plan, const std::string& fingerprint,
                            const Arrange& arrange) {
    const PartFile part(path);
    std::uint64_t offset = kArrangedAlign;
    for (const MatrixPlan* matrix : plan.matrices()) {
        std::vector<std::byte> bytes(aligned(matrix->bytes));
        arrange(*matrix, std::span(bytes).first(matrix->bytes));
        part.write(bytes, offset);
        offset += bytes.size();
    }
    const std::string head = head_of(fingerprint, part.digest());
    part.write(std::as_bytes(std::span(head)), 0);
    part.finish();
}

std::span<const std::byte> ArrangedWeights::matrix(std::size_t index) const {
    return matrices_.at(index);
}

}  // namespace engine::llama
