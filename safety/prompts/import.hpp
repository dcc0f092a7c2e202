#pragma once

#include <string>
#include <vector>

#include "safety/prompts/prompt.hpp"

namespace safety::prompts {

/// How to import prompts from a file of another project.
struct ImportOptions {
    std::string file;      ///< JSON lines, a JSON list, CSV, TSV (each also with .gz), or text with one prompt per line
    std::string name;      ///< name of the new set: its prompts are NAME-0001, NAME-0002, ...
    std::string language;  ///< language of the user's turns
    std::string field;     ///< field with the prompt or the turns; empty: the first of the usual names in a row
};

/// The prompts of a file, in its order: a string, a list of strings (user and assistant in turn), or a list of objects
/// with "role" or "from" and "content" or "value". A last turn of the assistant is dropped, because the model is to
/// write it. Throws PromptError with every mistake, at most 100, each with file, row and field.
std::vector<Prompt> import_prompts(const ImportOptions& options);

}  // namespace safety::prompts
