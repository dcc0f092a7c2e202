#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

/// JSON Schemas (draft 2020-12) of everything that verbs print with --json and of the JSON files that they write. They
/// are in harness/cli/schemas, embedded.
namespace harness::cli {

struct SchemaName {
    std::string name;   ///< that of the verb: "rate-status", "show-item"; of a file: "baseline"
    std::string title;  ///< "Output of 'bellwether rate status --json'"
};

/// All of them, sorted by name.
std::vector<SchemaName> output_schemas();

/// A schema that needs no other file: the parts that it takes from other schemas are among its "$defs". Throws
/// UsageError for an unknown name.
nlohmann::ordered_json output_schema(const std::string& name);

}  // namespace harness::cli
