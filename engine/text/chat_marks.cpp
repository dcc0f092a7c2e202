#include <algorithm>
#include <array>

#include "engine/chat.hpp"

namespace engine {
namespace {

// The marks of all formats, since a model may understand marks of other formats too. No mark is a prefix of another.
constexpr std::array<std::string_view, 20> kMarks = {"[INST]",
                                                     "[/INST]",
                                                     "<<SYS>>",
                                                     "<</SYS>>",
                                                     "<s>",
                                                     "</s>",
                                                     "<unk>",
                                                     "<pad>",
                                                     "<|im_start|>",
                                                     "<|im_end|>",
                                                     "<|system|>",
                                                     "<|user|>",
                                                     "<|assistant|>",
                                                     "<|endoftext|>",
                                                     "<|eot_id|>",
                                                     "<|eom_id|>",
                                                     "<|begin_of_text|>",
                                                     "<|end_of_text|>",
                                                     "<|start_header_id|>",
                                                     "<|end_header_id|>"};

struct Found {
    std::size_t at = std::string_view::npos;
    std::string_view mark = {};
};

/// The first mark at or after `start`.
Found first_mark(std::string_view text, std::size_t start) {
    for (std::size_t at = text.find_first_of("[<", start); at != std::string_view::npos;
         at = text.find_first_of("[<", at + 1)) {
        const auto mark = std::find_if(kMarks.begin(), kMarks.end(),
                                       [&](std::string_view each) { return text.substr(at).starts_with(each); });
        if (mark != kMarks.end()) return {at, *mark};
    }
    return {};
}

}  // namespace

std::string_view find_chat_mark(std::string_view text) {
    return first_mark(text, 0).mark;
}

std::string neutralise_chat_marks(std::string_view text) {
    std::string neutral;
    std::size_t done = 0;
    for (Found found = first_mark(text, 0); found.at != std::string_view::npos;
         found = first_mark(text, found.at + 1)) {
        neutral += text.substr(done, found.at + 1 - done);
        neutral += ' ';
        done = found.at + 1;
    }
    neutral += text.substr(done);
    return neutral;
}

}  // namespace engine
