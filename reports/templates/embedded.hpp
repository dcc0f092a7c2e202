#pragma once

#include <string_view>
#include <vector>

namespace reports::templates {

struct EmbeddedTemplate {
    std::string_view name;  ///< file name in reports/templates/
    std::string_view content;
};
/// The files of the page, written by CMakeLists.txt.
const std::vector<EmbeddedTemplate>& embedded_templates();

}  // namespace reports::templates
