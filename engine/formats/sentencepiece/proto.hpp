#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine::formats::sentencepiece {

/// Writes the protobuf wire format, in which sentencepiece keeps its models.
class ProtoWriter {
public:
    void number(std::uint32_t field, std::uint64_t value);
    void real(std::uint32_t field, float value);
    void bytes(std::uint32_t field, std::string_view value);
    const std::string& str() const { return bytes_; }

private:
    void varint(std::uint64_t value);

    std::string bytes_;
};

/// One field. The member that fits its wire type is set; the others are zero or empty.
struct ProtoField {
    std::uint32_t number = 0;
    std::uint64_t value = 0;  ///< an integer
    float real = 0;
    std::string_view bytes;  ///< a string or a nested message
};

/// Walks the fields of one message.
class ProtoReader {
public:
    /// `where` names the file in messages. Both must outlive the reader.
    ProtoReader(const std::string& where, std::string_view message) : where_(where), rest_(message) {}

    /// The next field; nullopt at the end. Throws EngineError (Input) when the bytes are not a valid message.
    std::optional<ProtoField> next();

private:
    std::uint64_t varint();
    std::string_view take(std::uint64_t count);
    [[noreturn]] void fail() const;

    const std::string& where_;
    std::string_view rest_;
};

}  // namespace engine::formats::sentencepiece
