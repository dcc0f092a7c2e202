#pragma once

#include <algorithm>
#include <string_view>

namespace engine::formats::gguf {

/// True if `name` is one of `names`, a range of strings.
template <class Names>
bool among(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace engine::formats::gguf
