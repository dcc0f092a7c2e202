#include "engine/formats/gguf/cut_file.hpp"

#include <regex>

namespace engine::formats::gguf {

std::string hint_at_cut_file(const std::string& path) {
    static const std::regex pattern(R"([^]*(gguf|bin)[-.](split-[a-z]{1,2}|part-?[a-z0-9]{1,3}|part\d+of\d+|\d{2,3}))");
    if (!std::regex_match(path, pattern)) return "";
    return "; by its name it is a piece of a file that was cut: join all pieces in order with 'cat PIECE... > "
           "WHOLE.gguf' and give WHOLE.gguf";
}

}  // namespace engine::formats::gguf
