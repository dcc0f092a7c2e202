#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/formats/mapped_file.hpp"
#include "engine/formats/tensor.hpp"

namespace engine::formats::gguf {

/// A metadata value. Integers of every width are widened to 64 bits, floats to double.
using MetadataValue = std::variant<bool, std::int64_t, std::uint64_t, double, std::string, std::vector<std::int64_t>,
                                   std::vector<double>, std::vector<std::string>>;

/// A GGUF v2/v3 file, mapped and checked: every offset and count lies inside the file.
class File {
public:
    /// Throws EngineError (Input) naming the file, the place, and the expected and found values.
    explicit File(const std::string& path);

    const std::string& path() const { return path_; }
    std::uint32_t version() const { return version_; }
    const std::map<std::string, MetadataValue, std::less<>>& metadata() const { return metadata_; }
    const std::vector<TensorInfo>& tensors() const { return tensors_; }

    /// nullptr when there is no such tensor.
    const TensorInfo* find(std::string_view name) const;
    std::span<const std::byte> data(const TensorInfo& tensor) const;
    std::span<const std::byte> bytes() const { return file_.bytes(); }
    /// Throws EngineError (Device) when the file was changed since it was opened: see MappedFile::check.
    void check_unchanged() const { file_.check(); }

    /// nullopt when the key is absent; throws EngineError (Input) when it has another type.
    std::optional<std::string> text(std::string_view key) const;
    std::optional<std::uint64_t> unsigned_integer(std::string_view key) const;
    std::optional<double> number(std::string_view key) const;
    std::optional<bool> boolean(std::string_view key) const;

private:
    void read_header();

    std::string path_;
    MappedFile file_;
    std::uint32_t version_ = 0;
    std::map<std::string, MetadataValue, std::less<>> metadata_;
    std::vector<TensorInfo> tensors_;
};

}  // namespace engine::formats::gguf
