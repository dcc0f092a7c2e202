#include "engine/formats/gguf/split.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

#include "engine/formats/printable.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

/// Far above any real model; limits how many files a malicious number can make us open.
constexpr std::uint64_t kMaxParts = 1000;

/// NAME-00002-of-00003.gguf
struct PartName {
    std::string stem;
    std::uint64_t count = 0;

    std::string of(std::uint64_t part) const { return fmt::format("{}-{:05}-of-{:05}.gguf", stem, part, count); }
};

std::optional<PartName> part_name(const std::string& path) {
    static const std::regex pattern(R"(([^]*)-\d{5}-of-(\d{5})\.gguf)");
    std::smatch match;
    if (!std::regex_match(path, match, pattern)) return std::nullopt;
    return PartName{match[1], std::stoul(match[2])};
}

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, fmt::format("{}: {}", path, what));
}

/// Advice for the user when the parts cannot be found by their names.
std::string how_to_join(const std::string& first) {
    return fmt::format(
        "put all parts into one folder under their own names, or join them with llama.cpp's 'llama-gguf-split --merge "
        "{} WHOLE.gguf' and give WHOLE.gguf",
        first);
}

void check_part(const File& file, std::uint64_t part, std::uint64_t count) {
    const std::uint64_t own_count = file.unsigned_integer("split.count").value_or(0);
    const auto own_part = file.unsigned_integer("split.no");
    if (own_count != count || !own_part || *own_part != part - 1) {
        fail(file.path(), fmt::format("expected part {} of {} of a split model, the file says {} of {}", part, count,
                                      own_part ? *own_part + 1 : 0, own_count));
    }
    if (part == 1) return;
    for (const auto& [key, value] : file.metadata()) {
        if (!key.starts_with("split.") && !key.starts_with("general."))
            fail(file.path(), fmt::format("key {} is not used: keys are read from the first part", printable(key)));
    }
}

/// Checks that no tensor is duplicated and that their number is the one stated in the first part.
void check_whole(const std::vector<File>& parts) {
    std::set<std::string_view> names;
    for (const File& part : parts) {
        for (const TensorInfo& tensor : part.tensors()) {
            if (!names.insert(tensor.name).second)
                fail(part.path(), fmt::format("duplicate tensor {}, also in a part before", printable(tensor.name)));
        }
    }
    const auto expected = parts.front().unsigned_integer("split.tensors.count");
    if (expected && *expected != names.size()) {
        fail(parts.front().path(),
             fmt::format("the parts hold {} tensors together, expected {}", names.size(), *expected));
    }
}

}  // namespace

std::vector<File> open_parts(const std::string& path) {
    std::vector<File> parts;
    parts.emplace_back(path);
    const auto name = part_name(path);
    const auto own_count = parts.front().unsigned_integer("split.count");
    const std::uint64_t count = own_count.value_or(name ? name->count : 1);
    if (count <= 1) return parts;
    if (count > kMaxParts) fail(path, fmt::format("split.count is {}, at most {} are supported", count, kMaxParts));
    const std::uint64_t part = parts.front().unsigned_integer("split.no").value_or(0) + 1;
    if (!own_count)
        fail(path, "is named like a part of a split model but has no split.count: rename it if it is complete");
    if (!name || name->count != count) {
        fail(path, fmt::format("part {} of {} of a split model, but not named so: {}", part, count,
                               how_to_join("FIRST-PART.gguf")));
    }
    std::vector<File> all;
    for (std::uint64_t i = 1; i <= count; ++i) {
        const std::string each = name->of(i);
        std::error_code absent;
        if (!std::filesystem::exists(each, absent))
            fail(path, fmt::format("part {} of {} of a split model; {} is missing: {}", part, count, each,
                                   how_to_join(name->of(1))));
        all.emplace_back(each);
        check_part(all.back(), i, count);
    }
    check_whole(all);
    return all;
}

}  // namespace engine::formats::gguf
