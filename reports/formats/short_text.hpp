#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reports::formats {

/// Which end of a long text stays: answers keep their beginning, prompts their end, where the question is.
enum class Keep { Beginning, End };

struct ShortText {
    std::string_view kept;
    std::size_t left_out = 0;  ///< bytes
};

/// At most `limit` bytes of the text (0: all of it). Characters are never split. Points into `text`.
ShortText short_text(std::string_view text, std::size_t limit, Keep keep);

/// "1,234 bytes left out"; empty for 0.
std::string left_out_text(std::size_t bytes);

/// The count with a comma between thousands.
std::string grouped(std::size_t count);

}  // namespace reports::formats
