#include "harness/interchange/digest.hpp"

#include <span>

#include "engine/formats/fingerprint.hpp"

namespace harness::interchange {

std::string digest(std::string_view text) {
    return engine::formats::sha256_hex(std::as_bytes(std::span(text)));
}

}  // namespace harness::interchange
