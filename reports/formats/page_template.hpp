#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

#include "reports/data/run.hpp"

namespace reports::formats {

using TemplateData = kainjow::mustache::data;
using TemplateList = kainjow::mustache::list;

/// A file of reports/templates/, embedded. Throws std::logic_error for a name that is not there.
std::string_view embedded_template(std::string_view name);

/// A Mustache template filled with hostile values: `{{x}}` goes through html_text; `{{{x}}}` is for markup that came
/// out of a template. Compiled once, filled often; not for several threads at a time.
class PageTemplate {
public:
    explicit PageTemplate(std::string_view name);
    std::string fill(const TemplateData& data);

private:
    kainjow::mustache::mustache template_;
};

/// A section with `text` in it, or none when it is empty.
TemplateData optional_text(const std::string& text);

/// Sets "colour" and "mark", the looks of the run at `index` all over the page: six colours with a shape each, so that
/// colour is never the only difference.
void set_run_looks(TemplateData& data, std::size_t index);

}  // namespace reports::formats
