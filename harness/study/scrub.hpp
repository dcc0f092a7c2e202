#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace harness::study {

/// A passage that was replaced.
struct ScrubChange {
    std::string from;
    std::string to;
};

struct Scrubbed {
    std::string text;
    std::vector<ScrubChange> changes;  ///< rule by rule; empty: the text is unchanged
};

/// Replaces the names by which assistants and their makers introduce themselves ("As Llama 2, ...", "I'm ChatGPT",
/// "trained by OpenAI", "my name is Vicuna") with "[assistant]" and "[maker]". A name that is only talked about stays,
/// since the answer may be about it. Bytes that are not UTF-8 are kept. Linear in the length.
Scrubbed scrub(std::string_view text);

}  // namespace harness::study
