#include "harness/base/random_hex.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <iterator>

#include "harness/base/work_error.hpp"

namespace harness::base {

std::string random_hex(std::size_t bytes) {
    std::array<unsigned char, 256> random = {};  // getrandom(2): up to 256 bytes come whole, even if a signal arrives
    if (bytes > random.size() || ::getrandom(random.data(), bytes, 0) != static_cast<ssize_t>(bytes))
        throw WorkError("the system has no random numbers");
    std::string digits;
    for (std::size_t i = 0; i < bytes; ++i) fmt::format_to(std::back_inserter(digits), "{:02x}", random[i]);
    return digits;
}

}  // namespace harness::base
