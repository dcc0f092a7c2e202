#pragma once

#include <string>
#include <vector>

#include "safety/prompts/prompt.hpp"

namespace safety::prompts {

/// How a file of another project becomes prompts.
struct ImportOptions {
    std::string file;  ///< JSON lines, a JSON list, CSV, TSV (each also with .gz), or text with a prompt on each line
    std::string name;  ///< of the new set: its prompts are NAME-0001 and on
    std::string language;  ///< of the user's turns
    std::string field;     ///< that holds the prompt or the turns; empty: the first of the usual names that a row has
};

/// The prompts of a file, in its order: a string, a list of strings (user and assistant in turn), or a list of objects
/// with "role" or "from" and "content" or "value". A last turn of the assistant is left out: it is what the set asks
/// for. Throws PromptError with every mistake, at most 100, each with file, row and field.
std::vector<Prompt> import_prompts(const ImportOptions& options);

}  // namespace safety::prompts
