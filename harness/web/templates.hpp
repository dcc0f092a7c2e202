#pragma once

#include <kainjow/mustache.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "suites/embedded_file.hpp"

namespace harness::web {

using TemplateData = kainjow::mustache::data;
using TemplateList = kainjow::mustache::list;

/// templates/*.mustache and assets/*, embedded by the build.
const std::vector<suites::EmbeddedFile>& template_files();
const std::vector<suites::EmbeddedFile>& asset_files();

/// The pages' templates. `{{x}}` is made harmless: control and direction characters visible, markup escaped; `{{{x}}}`
/// is for HTML that another template or markdown_html() made. For one thread only.
class Templates {
public:
    /// Throws std::logic_error for a template that is not embedded or cannot be read.
    std::string fill(std::string_view name, const TemplateData& data);

private:
    std::map<std::string, kainjow::mustache::mustache, std::less<>> compiled_;
};

/// A section that is shown, or not.
TemplateData shown_if(bool is_shown);

/// A section with `text` in it, or no section where it is empty.
TemplateData optional_text(const std::string& text);

}  // namespace harness::web
