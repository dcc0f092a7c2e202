#pragma once

#include <string_view>

#include "suites/fetch/source.hpp"

namespace suites::fetch {

/// How cache files with a given path prefix are made from original files.
struct DataSet {
    std::string_view prefix;  ///< of paths in the cache, such as "arc/ARC-Easy"
    Converter convert;
    std::string_view originals;  ///< expected original files, for error messages
};

/// The data set with the longest prefix of `file`; nullptr when there is none.
const DataSet* data_set_of(std::string_view file);

// Converters by family. multiple_choice.cpp:
std::optional<Converted> arc_easy(const Source& source, const std::string& file);
std::optional<Converted> arc_challenge(const Source& source, const std::string& file);
std::optional<Converted> openbookqa(const Source& source, const std::string& file);
std::optional<Converted> commonsense_qa(const Source& source, const std::string& file);
std::optional<Converted> mmlu(const Source& source, const std::string& file);
std::optional<Converted> truthful_qa(const Source& source, const std::string& file);
// sentences.cpp:
std::optional<Converted> piqa(const Source& source, const std::string& file);
std::optional<Converted> siqa(const Source& source, const std::string& file);
std::optional<Converted> winogrande(const Source& source, const std::string& file);
std::optional<Converted> boolq(const Source& source, const std::string& file);
std::optional<Converted> hellaswag(const Source& source, const std::string& file);
std::optional<Converted> hellaswag_abstainqa(const Source& source, const std::string& file);
// code.cpp:
std::optional<Converted> humaneval(const Source& source, const std::string& file);
std::optional<Converted> mbpp(const Source& source, const std::string& file);
// questions.cpp:
std::optional<Converted> gsm8k(const Source& source, const std::string& file);
std::optional<Converted> nq_open(const Source& source, const std::string& file);
std::optional<Converted> trivia_qa(const Source& source, const std::string& file);
std::optional<Converted> squad_v2(const Source& source, const std::string& file);
std::optional<Converted> quac(const Source& source, const std::string& file);
// reasoning.cpp:
std::optional<Converted> agieval(const Source& source, const std::string& file);
std::optional<Converted> bbh(const Source& source, const std::string& file);
std::optional<Converted> hendrycks_math(const Source& source, const std::string& file);
// texts.cpp:
std::optional<Converted> lambada(const Source& source, const std::string& file);
std::optional<Converted> wikitext(const Source& source, const std::string& file);
std::optional<Converted> bold(const Source& source, const std::string& file);
std::optional<Converted> vader_file(const Source& source, const std::string& file);
std::optional<Converted> toxigen_annotated(const Source& source, const std::string& file);
std::optional<Converted> toxigen_prompts(const Source& source, const std::string& file);

}  // namespace suites::fetch
