#include "engine/formats/gguf/split.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <regex>

#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"

namespace engine::formats::gguf {
namespace {

/// NAME-00002-of-00003.gguf
struct PartName {
    std::string stem;
    unsigned long part = 0;  ///< from 1
    unsigned long count = 0;
};

std::optional<PartName> part_name(const std::string& path) {
    static const std::regex pattern(R"(([^]*)-(\d{5})-of-(\d{5})\.gguf)");
    std::smatch match;
    if (!std::regex_match(path, match, pattern)) return std::nullopt;
    return PartName{match[1], std::stoul(match[2]), std::stoul(match[3])};
}

}  // namespace

void refuse_split(const File& file) {
    const auto name = part_name(file.path());
    const std::uint64_t count = file.unsigned_integer("split.count").value_or(name ? name->count : 1);
    if (count <= 1) return;
    const std::uint64_t part = file.unsigned_integer("split.no").value_or(name ? name->part - 1 : 0) + 1;
    const std::string first = name ? fmt::format("{}-00001-of-{:05}.gguf", name->stem, name->count) : "FIRST-PART.gguf";
    throw EngineError(EngineError::Kind::Input,
                      fmt::format("{}: part {} of {} of a split model; whole files are read. Join the parts with "
                                  "llama.cpp's 'llama-gguf-split --merge {} WHOLE.gguf' and give WHOLE.gguf",
                                  file.path(), part, count, first));
}

std::string hint_at_cut_file(const std::string& path) {
    static const std::regex pattern(R"([^]*(gguf|bin)[-.](split-[a-z]{1,2}|part-?[a-z0-9]{1,3}|part\d+of\d+|\d{2,3}))");
    if (!std::regex_match(path, pattern)) return "";
    return "; by its name it is a piece of a file that was cut: join all pieces in order with 'cat PIECE... > "
           "WHOLE.gguf' and give WHOLE.gguf";
}

}  // namespace engine::formats::gguf
