#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/gguf.hpp"

namespace engine::llama {

/// What a file holds that is not used, and mistakes of conversions that run without an error and spoil every score:
/// sentences for people. Keys of the wrong type are left to whoever reads them. `is_tokenizer_key`: see unknown_keys.
std::vector<std::string> warnings_of(const formats::Gguf& file, bool (*is_tokenizer_key)(std::string_view));

}  // namespace engine::llama
