#include "harness/run/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace harness::run {
namespace {

bool read_number(std::string_view text, std::size_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Shard Shard::parse(std::string_view text) {
    Shard shard;
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || !read_number(text.substr(0, slash), shard.index) ||
        !read_number(text.substr(slash + 1), shard.count) || shard.index < 1 || shard.index > shard.count ||
        shard.count > kMaxCount) {
        throw std::invalid_argument(fmt::format("'{}' is not I/N with I from 1 to N, as in 2/4", text));
    }
    return shard;
}

}  // namespace harness::run
