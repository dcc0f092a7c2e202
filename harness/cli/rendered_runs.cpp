#include "harness/cli/rendered_runs.hpp"

#include <filesystem>

#include "harness/base/usage_error.hpp"
#include "reports/formats/render.hpp"

namespace harness::cli {

std::string render_as(const reports::data::Report& report, const std::string& path) {
    const std::string extension = std::filesystem::path(path).extension().string();
    if (extension == ".html") return reports::formats::render_html(report);
    if (extension == ".md") return reports::formats::render_markdown(report);
    if (extension == ".json") return reports::formats::render_json(report);
    throw base::UsageError(path + ": the report's format goes by the ending: .html, .md or .json");
}

}  // namespace harness::cli
