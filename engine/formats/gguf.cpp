#include "engine/formats/gguf.hpp"

#include <fmt/format.h>

#include <cstring>
#include <set>

#include "engine/language_model.hpp"

namespace engine::formats {
namespace {

/// Value types of the format's metadata.
enum ValueType : std::uint32_t {
    kUint8 = 0, kInt8, kUint16, kInt16, kUint32, kInt32, kFloat32, kBool, kString, kArray, kUint64, kInt64, kFloat64
};

constexpr std::uint32_t kMaxDims = 4;
constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 48;

/// Walks the header. Every count is held against the bytes that are left before anything is allocated for it.
class Reader {
public:
    Reader(const std::string& path, std::span<const std::byte> bytes) : path_(path), bytes_(bytes) {}

    std::size_t position() const { return position_; }

    [[noreturn]] void fail(const std::string& what) const {
        throw EngineError(EngineError::Kind::Input, fmt::format("{}: {} (at byte {})", path_, what, position_));
    }

    void need(std::uint64_t count, std::uint64_t size, std::string_view what) const {
        const std::uint64_t left = bytes_.size() - position_;
        if (count > left / size) {
            fail(fmt::format("{} needs {} x {} bytes, the file has {} left; is it cut short?", what, count, size, left));
        }
    }

    template <class Value>
    Value value(std::string_view what) {
        need(1, sizeof(Value), what);
        Value result;
        std::memcpy(&result, &bytes_[position_], sizeof result);
        position_ += sizeof result;
        return result;
    }

    std::string text(std::string_view what) {
        const auto length = value<std::uint64_t>(what);
        need(length, 1, what);
        std::string result(reinterpret_cast<const char*>(bytes_.data() + position_), length);
        position_ += length;
        return result;
    }

    MetadataValue metadata(std::uint32_t type, const std::string& key) {
        switch (type) {
            case kUint8: return std::uint64_t{value<std::uint8_t>(key)};
            case kInt8: return std::int64_t{value<std::int8_t>(key)};
            case kUint16: return std::uint64_t{value<std::uint16_t>(key)};
            case kInt16: return std::int64_t{value<std::int16_t>(key)};
            case kUint32: return std::uint64_t{value<std::uint32_t>(key)};
            case kInt32: return std::int64_t{value<std::int32_t>(key)};
            case kFloat32: return double{value<float>(key)};
            case kBool: return value<std::uint8_t>(key) != 0;
            case kString: return text(key);
            case kArray: return array(key);
            case kUint64: return value<std::uint64_t>(key);
            case kInt64: return value<std::int64_t>(key);
            case kFloat64: return value<double>(key);
            default: fail(fmt::format("key {} has the unknown value type {}", key, type));
        }
    }

private:
    template <class Element, class Stored>
    MetadataValue elements(std::uint64_t count, const std::string& key) {
        need(count, sizeof(Element), key);
        std::vector<Stored> result;
        result.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) result.push_back(static_cast<Stored>(value<Element>(key)));
        return result;
    }

    MetadataValue array(const std::string& key) {
        const auto type = value<std::uint32_t>(key);
        const auto count = value<std::uint64_t>(key);
        switch (type) {
            case kUint8: return elements<std::uint8_t, std::int64_t>(count, key);
            case kInt8: return elements<std::int8_t, std::int64_t>(count, key);
            case kBool: return elements<std::uint8_t, std::int64_t>(count, key);
            case kUint16: return elements<std::uint16_t, std::int64_t>(count, key);
            case kInt16: return elements<std::int16_t, std::int64_t>(count, key);
            case kUint32: return elements<std::uint32_t, std::int64_t>(count, key);
            case kInt32: return elements<std::int32_t, std::int64_t>(count, key);
            case kUint64: return elements<std::uint64_t, std::int64_t>(count, key);
            case kInt64: return elements<std::int64_t, std::int64_t>(count, key);
            case kFloat32: return elements<float, double>(count, key);
            case kFloat64: return elements<double, double>(count, key);
            case kString: {
                need(count, sizeof(std::uint64_t), key);  // each string has at least its length
                std::vector<std::string> result;
                for (std::uint64_t i = 0; i < count; ++i) result.push_back(text(key));
                return result;
            }
            default: fail(fmt::format("key {} is an array of the unsupported type {}", key, type));
        }
    }

    const std::string& path_;
    std::span<const std::byte> bytes_;
    std::size_t position_ = 0;
};

TensorInfo read_tensor(Reader& reader) {
    TensorInfo tensor;
    tensor.name = reader.text("a tensor name");
    const auto dims = reader.value<std::uint32_t>(tensor.name);
    if (dims == 0 || dims > kMaxDims) reader.fail(fmt::format("tensor {} has {} dimensions, 1 to {} are possible", tensor.name, dims, kMaxDims));
    std::uint64_t elements = 1;
    for (std::uint32_t axis = 0; axis < dims; ++axis) {
        tensor.dims.push_back(reader.value<std::uint64_t>(tensor.name));
        const std::uint64_t extent = tensor.dims.back();
        if (extent == 0 || extent > kMaxElements / elements) {
            reader.fail(fmt::format("tensor {} has the impossible shape {}", tensor.name, fmt::join(tensor.dims, "x")));
        }
        elements *= extent;
    }
    const auto type = reader.value<std::uint32_t>(tensor.name);
    const TensorLayout* layout = layout_of(type);
    if (layout == nullptr) {
        reader.fail(fmt::format("tensor {} has type {}, which is not supported; supported are F32, F16, BF16, Q8_0, Q4_0",
                                tensor.name, type));
    }
    if (tensor.dims[0] % layout->block_values != 0) {
        reader.fail(fmt::format("tensor {} has rows of {} values, {} needs a multiple of {}", tensor.name, tensor.dims[0],
                                layout->name, layout->block_values));
    }
    tensor.type = layout->type;
    tensor.size_bytes = elements / layout->block_values * layout->block_bytes;
    tensor.offset = reader.value<std::uint64_t>(tensor.name);
    return tensor;
}

}  // namespace

std::uint64_t TensorInfo::rows() const {
    std::uint64_t product = 1;
    for (std::size_t axis = 1; axis < dims.size(); ++axis) product *= dims[axis];
    return product;
}

Gguf::Gguf(const std::string& path) : path_(path), file_(path) {
    const std::span<const std::byte> bytes = file_.bytes();
    Reader reader(path_, bytes);
    if (reader.value<std::uint32_t>("the magic number") != 0x46554747) reader.fail("not a GGUF file: it does not start with 'GGUF'");
    version_ = reader.value<std::uint32_t>("the version");
    if (version_ != 2 && version_ != 3) reader.fail(fmt::format("GGUF version {}; versions 2 and 3 are supported", version_));
    const auto tensor_count = reader.value<std::uint64_t>("the tensor count");
    const auto key_count = reader.value<std::uint64_t>("the key count");
    reader.need(key_count, 13, "the metadata");       // a key: length, type and one byte at least
    reader.need(tensor_count, 32, "the tensor list");  // a tensor: length, dims, one extent, type, offset

    for (std::uint64_t i = 0; i < key_count; ++i) {
        const std::string key = reader.text("a metadata key");
        const auto type = reader.value<std::uint32_t>(key);
        if (!metadata_.emplace(key, reader.metadata(type, key)).second) reader.fail(fmt::format("key {} stands twice", key));
    }
    std::set<std::string> names;
    for (std::uint64_t i = 0; i < tensor_count; ++i) {
        tensors_.push_back(read_tensor(reader));
        if (!names.insert(tensors_.back().name).second) reader.fail(fmt::format("tensor {} stands twice", tensors_.back().name));
    }

    const std::uint64_t alignment = unsigned_integer("general.alignment").value_or(32);
    if (alignment == 0 || alignment > 65536 || (alignment & (alignment - 1)) != 0) {
        reader.fail(fmt::format("alignment {} is not a power of two up to 65536", alignment));
    }
    const std::uint64_t base = (reader.position() + alignment - 1) / alignment * alignment;
    for (TensorInfo& tensor : tensors_) {
        if (tensor.offset % alignment != 0) {
            reader.fail(fmt::format("tensor {} starts at {}, which is not a multiple of {}", tensor.name, tensor.offset, alignment));
        }
        if (base > bytes.size() || tensor.offset > bytes.size() - base || tensor.size_bytes > bytes.size() - base - tensor.offset) {
            reader.fail(fmt::format("tensor {} needs {} bytes from {}, the file has {}; is it cut short?", tensor.name,
                                    tensor.size_bytes, base + tensor.offset, bytes.size()));
        }
        tensor.offset += base;
    }
}

const TensorInfo* Gguf::find(std::string_view name) const {
    for (const TensorInfo& tensor : tensors_) {
        if (tensor.name == name) return &tensor;
    }
    return nullptr;
}

std::span<const std::byte> Gguf::data(const TensorInfo& tensor) const {
    return file_.bytes().subspan(tensor.offset, tensor.size_bytes);
}

namespace {

[[noreturn]] void wrong_type(const std::string& path, std::string_view key, std::string_view expected) {
    throw EngineError(EngineError::Kind::Input, fmt::format("{}: key {} is not {}", path, key, expected));
}

}  // namespace

std::optional<std::string> Gguf::text(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<std::string>(&found->second)) return *value;
    wrong_type(path_, key, "a text");
}

std::optional<std::uint64_t> Gguf::unsigned_integer(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<std::uint64_t>(&found->second)) return *value;
    if (const auto* value = std::get_if<std::int64_t>(&found->second); value != nullptr && *value >= 0) {
        return static_cast<std::uint64_t>(*value);
    }
    wrong_type(path_, key, "a whole number from 0");
}

std::optional<double> Gguf::number(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<double>(&found->second)) return *value;
    if (const auto* value = std::get_if<std::uint64_t>(&found->second)) return static_cast<double>(*value);
    if (const auto* value = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*value);
    wrong_type(path_, key, "a number");
}

std::optional<bool> Gguf::boolean(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<bool>(&found->second)) return *value;
    wrong_type(path_, key, "true or false");
}

}  // namespace engine::formats
