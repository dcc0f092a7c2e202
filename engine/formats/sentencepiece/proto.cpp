#include "engine/formats/sentencepiece/proto.hpp"

#include <bit>
#include <cstring>

#include "engine/language_model.hpp"

namespace engine::formats::sentencepiece {
namespace {

enum WireType : std::uint32_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

}  // namespace

void ProtoWriter::number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3 | Varint);
    varint(value);
}

void ProtoWriter::real(std::uint32_t field, float value) {
    varint(field << 3 | Fixed32);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    // Little-endian on every machine.
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 255);
}

void ProtoWriter::bytes(std::uint32_t field, std::string_view value) {
    varint(field << 3 | Bytes);
    varint(value.size());
    bytes_ += value;
}

void ProtoWriter::varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += static_cast<char>((value & 127) | 128);
    bytes_ += static_cast<char>(value);
}

std::optional<ProtoField> ProtoReader::next() {
    if (rest_.empty()) return std::nullopt;
    const std::uint64_t tag = varint();
    // Valid field numbers are 1 to 2^29 - 1.
    if (tag >> 3 == 0 || tag >> 3 > 0x1FFFFFFF) fail();
    ProtoField field;
    field.number = static_cast<std::uint32_t>(tag >> 3);
    switch (tag & 7) {
        case Varint: field.value = varint(); break;
        // No field that is read here has this type.
        case Fixed64: take(8); break;
        case Bytes: field.bytes = take(varint()); break;
        case Fixed32: std::memcpy(&field.real, take(4).data(), 4); break;
        default: fail();
    }
    return field;
}

std::uint64_t ProtoReader::varint() {
    std::uint64_t value = 0;
    // A longer varint does not fit 64 bits.
    for (int shift = 0; shift < 64; shift += 7) {
        const auto byte = static_cast<unsigned char>(take(1)[0]);
        value |= static_cast<std::uint64_t>(byte & 127) << shift;
        if (byte < 128) return value;
    }
    fail();
}

std::string_view ProtoReader::take(std::uint64_t count) {
    // Checked before memory is allocated, since the count comes from the file.
    if (count > rest_.size()) fail();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

void ProtoReader::fail() const {
    throw EngineError(EngineError::Kind::Input, where_ + ": not a sentencepiece model, or damaged (" +
                                                    std::to_string(rest_.size()) +
                                                    " bytes before the end of a message)");
}

}  // namespace engine::formats::sentencepiece
