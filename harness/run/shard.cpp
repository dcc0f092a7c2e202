#include "harness/run/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "harness/base/number_from.hpp"

namespace harness::run {

Shard Shard::parse(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto index = base::number_from<std::size_t>(text.substr(0, slash));
    const auto count = base::number_from<std::size_t>(text.substr(std::min(slash + 1, text.size())));
    if (!index || !count || *index < 1 || *index > *count || *count > kMaxCount)
        throw std::invalid_argument(fmt::format("'{}' is not I/N with I from 1 to N, as in 2/4", text));
    return {.index = *index, .count = *count};
}

}  // namespace harness::run
