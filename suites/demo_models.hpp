#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace suites::demo {

/// The GGUF bytes of `base`, `helpful` or `chat`; empty for another name.
std::span<const std::byte> demo_model(std::string_view name);

std::vector<std::string> demo_model_names();

}  // namespace suites::demo
