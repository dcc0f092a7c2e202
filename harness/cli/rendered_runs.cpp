#include "harness/cli/rendered_runs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "harness/base/usage_error.hpp"
#include "reports/formats/csv.hpp"
#include "reports/formats/render.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {

void check_ending(const std::string& path) {
    const std::string extension = std::filesystem::path(path).extension().string();
    if (extension == ".html" || extension == ".md" || extension == ".json" || extension == ".csv") return;
    const std::optional<std::string> meant = suites::nearest(extension, {".html", ".md", ".json", ".csv"});
    throw base::UsageError(fmt::format("{}: the report's format goes by the ending: .html, .md, .json or .csv{}", path,
                                       meant ? fmt::format("; did you mean {}?", *meant) : ""));
}

std::string render_as(const reports::data::Report& report, const std::string& path) {
    check_ending(path);
    const std::string extension = std::filesystem::path(path).extension().string();
    if (extension == ".html") return reports::formats::render_html(report);
    if (extension == ".md") return reports::formats::render_markdown(report);
    if (extension == ".csv") return reports::formats::render_csv(report);
    return reports::formats::render_json(report);
}

}  // namespace harness::cli
