#include "harness/interchange/digest.hpp"

#include <span>

#include "engine/base/sha256.hpp"

namespace harness::interchange {

std::string digest(std::string_view text) {
    return engine::base::sha256_hex(std::as_bytes(std::span(text)));
}

}  // namespace harness::interchange
