#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/output_schemas.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"

namespace harness::cli {
namespace {

struct SchemaOptions {
    std::vector<std::string> words;  ///< empty: list the schemas
    bool json = false;
};

ExitCode list_schemas(const SchemaOptions& options) {
    using reports::sections::Column;
    auto rows = nlohmann::json::array();
    auto table = table_of({{"schema", Column::Key}, {"of", Column::Text}});
    for (const SchemaName& schema : output_schemas()) {
        rows.push_back({{"name", schema.name}, {"title", schema.title}});
        table.rows.push_back({schema.name, schema.title});
    }
    if (options.json) {
        print_json(rows);
    } else {
        print_table(table);
    }
    return ExitCode::Done;
}

ExitCode show_schema(const SchemaOptions& options) {
    if (options.words.empty()) return list_schemas(options);
    const std::string name = fmt::format("{}", fmt::join(options.words, "-"));
    print_json_text(output_schema(name).dump(2));
    return ExitCode::Done;
}

}  // namespace

void add_schema(Verb& root) {
    Verb& verb = root.verb("schema", "JSON Schemas of what verbs print with --json, and of the JSON files they write");
    auto& options = verb.command(show_schema);
    verb.arguments("NAME", texts(options.words), "A verb, or a name of the list; without one all are listed");
    json_flag(verb, options.json);
    verb.note(
        "Schemas are of draft 2020-12 and need no other file. An object has the members that its schema names and no "
        "other; a later version may add some.");
    verb.example("bellwether schema");
    verb.example("bellwether schema rate status");
    verb.example("bellwether schema baseline > baseline.schema.json");
}

}  // namespace harness::cli
