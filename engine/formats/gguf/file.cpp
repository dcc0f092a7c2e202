#include "engine/formats/gguf/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>
#include <type_traits>

#include "engine/formats/gguf/cut_file.hpp"
#include "engine/formats/printable.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

/// Value types of the format's metadata.
enum ValueType : std::uint32_t {
    Uint8 = 0,
    Int8,
    Uint16,
    Int16,
    Uint32,
    Int32,
    Float32,
    Bool,
    String,
    Array,
    Uint64,
    Int64,
    Float64
};

constexpr std::uint32_t kMagic = 0x46554747;  // "GGUF"
constexpr std::uint32_t kVersion2Swapped = 0x02000000;
constexpr std::uint32_t kVersion3Swapped = 0x03000000;
constexpr std::uint32_t kMaxDims = 4;
constexpr std::size_t kMaxName = 65535;     // the format's limit for a key
constexpr std::size_t kNameOverhead = 256;  // list entries and tree nodes around a name, rounded up
constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 48;
/// Far above any real header: Llama 2's 32,000 pieces with scores and types need about 3 MiB.
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{256} << 20;

/// Reads the header. Every count is compared with the bytes that are left before memory is allocated for it. All
/// allocations count towards kMaxHeaderBytes, because small values grow when they are widened.
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
            fail(fmt::format("{} needs {} x {} bytes, the file has {} left; is it cut short?", printable(what), count,
                             size, left));
        }
    }

    void charge(std::uint64_t bytes) {
        if (bytes > kMaxHeaderBytes - charged_) {
            fail(fmt::format("the header takes more than {} MiB of memory", kMaxHeaderBytes >> 20));
        }
        charged_ += bytes;
    }

    /// `count`, checked, for reserving a whole list: growing it step by step would copy it repeatedly.
    std::size_t checked_capacity(std::uint64_t count, std::uint64_t size) {
        if (count > kMaxHeaderBytes / size) charge(kMaxHeaderBytes + 1);
        charge(count * size);
        return count;
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
        charge(sizeof(std::string) + length);
        std::string result(reinterpret_cast<const char*>(bytes_.data() + position_), length);
        position_ += length;
        return result;
    }

    /// A key of the metadata or the name of a tensor.
    std::string name(std::string_view what) {
        std::string result = text(what);
        if (result.empty()) fail(fmt::format("{} is empty", what));
        if (result.size() > kMaxName) fail(fmt::format("{} has {} bytes, maximum {}", what, result.size(), kMaxName));
        charge(kNameOverhead + result.size());
        return result;
    }

    bool boolean(std::string_view key) {
        const auto stored = value<std::uint8_t>(key);
        if (stored > 1) fail(fmt::format("{}: expected true or false, found the number {}", printable(key), stored));
        return stored == 1;
    }

    MetadataValue metadata(std::uint32_t type, const std::string& key) {
        switch (type) {
            case Uint8: return std::uint64_t{value<std::uint8_t>(key)};
            case Int8: return std::int64_t{value<std::int8_t>(key)};
            case Uint16: return std::uint64_t{value<std::uint16_t>(key)};
            case Int16: return std::int64_t{value<std::int16_t>(key)};
            case Uint32: return std::uint64_t{value<std::uint32_t>(key)};
            case Int32: return std::int64_t{value<std::int32_t>(key)};
            case Float32: return double{value<float>(key)};
            case Bool: return boolean(key);
            case String: return text(key);
            case Array: return array(key);
            case Uint64: return value<std::uint64_t>(key);
            case Int64: return value<std::int64_t>(key);
            case Float64: return value<double>(key);
            default: fail(fmt::format("key {} has the unknown value type {}", printable(key), type));
        }
    }

private:
    template <class Element, class Stored>
    MetadataValue elements(std::uint64_t count, const std::string& key) {
        need(count, sizeof(Element), key);
        std::vector<Stored> result;
        result.reserve(checked_capacity(count, sizeof(Stored)));
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto element = value<Element>(key);
            if constexpr (std::is_same_v<Element, std::uint64_t>) {
                if (element > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
                    fail(fmt::format("key {} holds {}, which does not fit 63 bits", printable(key), element));
                }
            }
            result.push_back(static_cast<Stored>(element));
        }
        return result;
    }

    MetadataValue array(const std::string& key) {
        const auto type = value<std::uint32_t>(key);
        const auto count = value<std::uint64_t>(key);
        switch (type) {
            case Uint8: return elements<std::uint8_t, std::int64_t>(count, key);
            case Int8: return elements<std::int8_t, std::int64_t>(count, key);
            case Bool: return elements<std::uint8_t, std::int64_t>(count, key);
            case Uint16: return elements<std::uint16_t, std::int64_t>(count, key);
            case Int16: return elements<std::int16_t, std::int64_t>(count, key);
            case Uint32: return elements<std::uint32_t, std::int64_t>(count, key);
            case Int32: return elements<std::int32_t, std::int64_t>(count, key);
            case Uint64: return elements<std::uint64_t, std::int64_t>(count, key);
            case Int64: return elements<std::int64_t, std::int64_t>(count, key);
            case Float32: return elements<float, double>(count, key);
            case Float64: return elements<double, double>(count, key);
            case String: {
                need(count, sizeof(std::uint64_t), key);  // each string has at least its length
                std::vector<std::string> result;
                result.reserve(checked_capacity(count, sizeof(std::string)));
                for (std::uint64_t i = 0; i < count; ++i) result.push_back(text(key));
                return result;
            }
            default: fail(fmt::format("key {} is an array of the unsupported type {}", printable(key), type));
        }
    }

    const std::string& path_;
    std::span<const std::byte> bytes_;
    std::size_t position_ = 0;
    std::uint64_t charged_ = 0;
};

TensorInfo read_tensor(Reader& reader) {
    TensorInfo tensor;
    tensor.name = reader.name("a tensor's name");
    const std::string shown = printable(tensor.name);
    const auto dims = reader.value<std::uint32_t>(tensor.name);
    if (dims == 0 || dims > kMaxDims) {
        reader.fail(fmt::format("tensor {} has {} dimensions, expected 1 to {}", shown, dims, kMaxDims));
    }
    std::uint64_t elements = 1;
    for (std::uint32_t axis = 0; axis < dims; ++axis) {
        const auto extent = reader.value<std::uint64_t>(tensor.name);
        tensor.dims.push_back(extent);
        if (extent == 0 || extent > kMaxElements / elements) {
            reader.fail(fmt::format("tensor {} has the invalid shape {}", shown, fmt::join(tensor.dims, "x")));
        }
        elements *= extent;
    }
    const auto type = reader.value<std::uint32_t>(tensor.name);
    const TensorLayout* layout = layout_of(type);
    if (layout == nullptr) {
        const std::string_view name = type_name(type);
        reader.fail(fmt::format("tensor {} has type {}{}, which is not supported; supported: {}", shown, type,
                                name.empty() ? "" : fmt::format(" ({})", name), supported_types()));
    }
    if (tensor.dims[0] % layout->block_values != 0) {
        reader.fail(fmt::format("tensor {} has rows of {} values, {} needs a multiple of {}", shown, tensor.dims[0],
                                layout->name, layout->block_values));
    }
    tensor.type = layout->type;
    tensor.size_bytes = elements / layout->block_values * layout->block_bytes;
    tensor.offset = reader.value<std::uint64_t>(tensor.name);
    return tensor;
}

/// Makes the offsets relative to the start of the file instead of the data section, and checks every tensor against the
/// file's size.
void place(std::vector<TensorInfo>& tensors, std::uint64_t alignment, std::uint64_t file_size, const Reader& reader) {
    const std::uint64_t base = (reader.position() + alignment - 1) / alignment * alignment;
    for (TensorInfo& tensor : tensors) {
        if (tensor.offset % alignment != 0) {
            reader.fail(fmt::format("tensor {} starts at {}, which is not a multiple of {}", printable(tensor.name),
                                    tensor.offset, alignment));
        }
        // In this order, so that no sum overflows.
        if (base > file_size || tensor.offset > file_size - base ||
            tensor.size_bytes > file_size - base - tensor.offset) {
            reader.fail(
                fmt::format("tensor {} needs {} bytes from {} of the data at {}, the file has {}; is it cut short?",
                            printable(tensor.name), tensor.size_bytes, tensor.offset, base, file_size));
        }
        tensor.offset += base;
    }
    std::vector<const TensorInfo*> order;
    order.reserve(tensors.size());
    for (const TensorInfo& tensor : tensors) order.push_back(&tensor);
    // Overlapping tensors are a sign of damage, and would let one tensor be read as another.
    std::sort(order.begin(), order.end(),
              [](const TensorInfo* a, const TensorInfo* b) { return a->offset < b->offset; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        if (order[i]->offset - order[i - 1]->offset < order[i - 1]->size_bytes) {
            reader.fail(
                fmt::format("tensors {} and {} overlap", printable(order[i - 1]->name), printable(order[i]->name)));
        }
    }
}

}  // namespace

File::File(const std::string& path) : path_(path), file_(path) {
    try {
        read_header();
    } catch (const EngineError& error) {
        file_.check();  // if the file was changed, that is the real reason
        throw EngineError(error.kind(), error.what() + hint_at_cut_file(path_));
    }
    file_.check();
}

void File::read_header() {
    const std::span<const std::byte> bytes = file_.bytes();
    Reader reader(path_, bytes);
    if (reader.value<std::uint32_t>("the magic number") != kMagic) {
        reader.fail("not a GGUF file: it does not start with 'GGUF'");
    }
    version_ = reader.value<std::uint32_t>("the version");
    // Has a message of its own, since the file is valid and only its byte order is not supported.
    if (version_ == kVersion2Swapped || version_ == kVersion3Swapped) {
        reader.fail("a big-endian GGUF file; little-endian ones are supported");
    }
    if (version_ != 2 && version_ != 3) {
        reader.fail(fmt::format("GGUF version {}; versions 2 and 3 are supported", version_));
    }
    const auto tensor_count = reader.value<std::uint64_t>("the tensor count");
    const auto key_count = reader.value<std::uint64_t>("the key count");
    reader.need(key_count, 13, "the metadata");        // a key: length, type and one byte at least
    reader.need(tensor_count, 32, "the tensor list");  // a tensor: length, dims, one extent, type, offset

    for (std::uint64_t i = 0; i < key_count; ++i) {
        const std::string key = reader.name("a metadata key");
        if (metadata_.contains(key)) reader.fail(fmt::format("duplicate key {}", printable(key)));
        const auto type = reader.value<std::uint32_t>(key);
        metadata_.emplace(key, reader.metadata(type, key));
    }
    // With duplicates it would be undefined which tensor a name means.
    std::set<std::string_view> names;
    tensors_.reserve(reader.checked_capacity(tensor_count, sizeof(TensorInfo)));
    for (std::uint64_t i = 0; i < tensor_count; ++i) {
        tensors_.push_back(read_tensor(reader));
        if (!names.insert(tensors_.back().name).second) {
            reader.fail(fmt::format("duplicate tensor {}", printable(tensors_.back().name)));
        }
    }
    const std::uint64_t alignment = unsigned_integer("general.alignment").value_or(32);
    if (alignment < 8 || alignment > 65536 || (alignment & (alignment - 1)) != 0) {
        reader.fail(fmt::format("alignment {} is not a power of two from 8 to 65536", alignment));
    }
    place(tensors_, alignment, bytes.size(), reader);
}

const TensorInfo* File::find(std::string_view name) const {
    for (const TensorInfo& tensor : tensors_) {
        if (tensor.name == name) return &tensor;
    }
    return nullptr;
}

std::span<const std::byte> File::data(const TensorInfo& tensor) const {
    return file_.bytes().subspan(tensor.offset, tensor.size_bytes);
}

namespace {

[[noreturn]] void wrong_type(const std::string& path, std::string_view key, std::string_view expected) {
    throw EngineError(EngineError::Kind::Input, fmt::format("{}: key {}: expected {}", path, key, expected));
}

}  // namespace

std::optional<std::string> File::text(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<std::string>(&found->second)) return *value;
    wrong_type(path_, key, "a string");
}

std::optional<std::uint64_t> File::unsigned_integer(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<std::uint64_t>(&found->second)) return *value;
    if (const auto* value = std::get_if<std::int64_t>(&found->second); value != nullptr && *value >= 0) {
        return static_cast<std::uint64_t>(*value);
    }
    wrong_type(path_, key, "a non-negative integer");
}

std::optional<double> File::number(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<double>(&found->second)) return *value;
    if (const auto* value = std::get_if<std::uint64_t>(&found->second)) return static_cast<double>(*value);
    if (const auto* value = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*value);
    wrong_type(path_, key, "a number");
}

std::optional<bool> File::boolean(std::string_view key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return std::nullopt;
    if (const auto* value = std::get_if<bool>(&found->second)) return *value;
    wrong_type(path_, key, "true or false");
}

}  // namespace engine::formats::gguf
