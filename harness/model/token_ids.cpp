#include "harness/model/token_ids.hpp"

#include <fmt/format.h>

#include <charconv>

#include "harness/base/usage_error.hpp"

namespace harness::model {

std::vector<engine::TokenId> parse_ids(const std::string& text, const std::string& option) {
    std::vector<engine::TokenId> ids;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        engine::TokenId id = 0;
        const auto [next, error] = std::from_chars(at, end, id);
        if (error != std::errc{} || id < 0 || (next != end && *next != ',')) {
            throw base::UsageError(
                fmt::format("{}: '{}' is not a list of token ids such as 1,15043,3186", option, text));
        }
        ids.push_back(id);
        if (next == end) return ids;
        at = next + 1;
    }
}

}  // namespace harness::model
