#pragma once

#include <string>
#include <string_view>

namespace suites {

/// The first mistake of a text that is not JSON (RFC 8259), in our own words whatever parser refused it:
/// "line 2, column 9: found '}', expected a key in double quotes". Columns count characters, from 1. Empty for JSON.
/// Linear in the length; nesting uses no stack.
std::string json_mistake(std::string_view text);

}  // namespace suites
