#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace harness::base {

/// SHA-256 of bytes that come in pieces. Throws WorkError when OpenSSL has no SHA-256 (a broken installation).
class Sha256 {
public:
    Sha256();
    void add(std::string_view bytes);
    void add(std::span<const std::byte> bytes);
    /// Digest of the bytes added so far, as 64 lower-case hexadecimal digits. More may be added afterwards.
    std::string hex() const;
    /// The first 64 bits of the digest, the first byte highest.
    std::uint64_t start() const;

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Digest of bytes in memory, as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// Digest of a file, read in blocks. Throws WorkError when it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace harness::base
