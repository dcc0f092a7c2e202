#include "reports/formats/base64.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <stdexcept>

namespace reports::formats {

std::string base64(std::string_view bytes) {
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL writes a zero after it
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data, static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string sha256_base64(std::string_view content) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned int size = 0;
    if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("the report page: OpenSSL gives no SHA-256");
    }
    return base64(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

std::string packed_text(std::string_view text) {
    uLongf size = compressBound(text.size());
    std::string bytes(size, '\0');
    const auto* data = reinterpret_cast<const Bytef*>(text.data());
    // Level 9 saved 0.3 % of GSM8K's texts and 1 % of generated prose, for up to 1.6 times the time.
    if (compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, data, text.size(), Z_DEFAULT_COMPRESSION) != Z_OK)
        throw std::runtime_error("the report page: not enough memory to compress its items");
    bytes.resize(size);
    return base64(bytes);
}

}  // namespace reports::formats
