#include "harness/web/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reports/text/plain_text.hpp"

namespace harness::web {
namespace {

std::string_view source_of(std::string_view name) {
    const std::string file = fmt::format("{}.mustache", name);
    for (const suites::EmbeddedFile& each : template_files()) {
        if (each.name == file) return each.content;
    }
    throw std::logic_error(fmt::format("harness/web/templates/{} is not embedded: list it in CMakeLists.txt", file));
}

}  // namespace

std::string Templates::fill(std::string_view name, const TemplateData& data) {
    auto found = compiled_.find(name);
    if (found == compiled_.end()) {
        kainjow::mustache::mustache made{std::string(source_of(name))};
        if (!made.is_valid()) throw std::logic_error(fmt::format("template {}: {}", name, made.error_message()));
        made.set_custom_escape([](const std::string& text) { return reports::text::html_text(text); });
        found = compiled_.emplace(name, std::move(made)).first;
    }
    std::string page;
    found->second.render(data, [&page](const std::string& part) { page += part; });
    return page;
}

TemplateData shown_if(bool is_shown) {
    return TemplateData(is_shown ? TemplateData::type::bool_true : TemplateData::type::bool_false);
}

TemplateData optional_text(const std::string& text) {
    if (text.empty()) return TemplateData(TemplateData::type::bool_false);
    return TemplateData("text", text);
}

}  // namespace harness::web
