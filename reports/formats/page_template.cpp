#include "reports/formats/page_template.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "reports/templates/embedded.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {

std::string_view embedded_template(std::string_view name) {
    for (const templates::EmbeddedTemplate& file : templates::embedded_templates()) {
        if (file.name == name) return file.content;
    }
    throw std::logic_error(
        fmt::format("reports/templates/{} is not embedded: list it in reports/CMakeLists.txt", name));
}

PageTemplate::PageTemplate(std::string_view name) : template_(std::string(embedded_template(name))) {
    if (!template_.is_valid()) {
        throw std::logic_error(fmt::format("reports/templates/{}: {}", name, template_.error_message()));
    }
    template_.set_custom_escape([](const std::string& text) { return text::html_text(text); });
}

std::string PageTemplate::fill(const TemplateData& data) {
    std::string page;
    template_.render(data, [&page](const std::string& part) { page += part; });
    return page;
}

TemplateList text_list(const std::vector<std::string>& texts) {
    TemplateList list;
    for (const std::string& text : texts) list.push_back(TemplateData("text", text));
    return list;
}

TemplateData optional_text(const std::string& text) {
    if (text.empty()) return TemplateData(TemplateData::type::bool_false);
    return TemplateData("text", text);
}

void set_run_looks(TemplateData& data, std::size_t index) {
    constexpr std::size_t kLooks = 6;
    data.set("colour", fmt::format("r{}", index % kLooks));
    data.set("mark", fmt::format("mark{}", index % kLooks));
}

}  // namespace reports::formats
