#include "harness/interchange/digest.hpp"

#include "harness/base/sha256.hpp"

namespace harness::interchange {

std::string digest(std::string_view text) {
    return base::sha256_hex(text);
}

}  // namespace harness::interchange
