#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

using TemplateData = kainjow::mustache::data;
using TemplateList = kainjow::mustache::list;

/// An embedded file of reports/templates/. Throws std::logic_error for an unknown name.
std::string_view embedded_template(std::string_view name);

/// A Mustache template filled with hostile values: `{{x}}` goes through html_text; `{{{x}}}` is for markup made by
/// another template. Compiled once, filled often; not thread-safe.
class PageTemplate {
public:
    explicit PageTemplate(std::string_view name);
    std::string fill(const TemplateData& data);

private:
    kainjow::mustache::mustache template_;
};

/// A section that contains `text`, or no section when it is empty.
TemplateData optional_text(const std::string& text);

/// A list of {"text"}.
TemplateList text_list(const std::vector<std::string>& texts);

/// Sets "colour" and "mark" of the run at `index`, the same in the whole page: six colours with one shape each, so that
/// runs never differ by colour alone.
void set_run_looks(TemplateData& data, std::size_t index);

}  // namespace reports::formats
