#include "harness/cli/rendered_runs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "harness/base/usage_error.hpp"
#include "reports/formats/csv.hpp"
#include "reports/formats/render.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {

std::string render_as(const reports::data::Report& report, const std::string& path) {
    const std::string extension = std::filesystem::path(path).extension().string();
    if (extension == ".html") return reports::formats::render_html(report);
    if (extension == ".md") return reports::formats::render_markdown(report);
    if (extension == ".json") return reports::formats::render_json(report);
    if (extension == ".csv") return reports::formats::render_csv(report);
    const std::optional<std::string> meant = suites::nearest(extension, {".html", ".md", ".json", ".csv"});
    throw base::UsageError(fmt::format("{}: the report's format goes by the ending: .html, .md, .json or .csv{}", path,
                                       meant ? fmt::format("; did you mean {}?", *meant) : ""));
}

}  // namespace harness::cli
