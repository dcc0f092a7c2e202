#include "reports/formats/chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/page_template.hpp"

namespace reports::formats {
namespace {

TemplateData rect_data(const Chart::Rect& rect) {
    TemplateData data("look", rect.look);
    data.set("x", coordinate(rect.x));
    data.set("y", coordinate(rect.y));
    data.set("width", coordinate(rect.width));
    data.set("height", coordinate(rect.height));
    data.set("opacity", optional_text(rect.opacity == 1 ? "" : fmt::format("{:.2f}", rect.opacity)));
    data.set("title", optional_text(rect.title));
    return data;
}

TemplateData mark_data(const Chart::Mark& mark) {
    constexpr double kSize = 10;
    TemplateData data("title", mark.title);
    set_run_looks(data, mark.run);
    data.set("x", coordinate(mark.x - kSize / 2));
    data.set("y", coordinate(mark.y - kSize / 2));
    return data;
}

TemplateData text_data(const Chart::Text& text) {
    TemplateData data("look", text.look);
    data.set("x", coordinate(text.x));
    data.set("y", coordinate(text.y));
    data.set("anchor", text.anchor);
    data.set("slanted", text.is_slanted);
    data.set("text", text.text);
    return data;
}

/// With title and description.
std::string chart_svg(const Chart& chart) {
    TemplateData data("title", chart.title);
    data.set("description", chart.description);
    data.set("width", coordinate(chart.width));
    data.set("height", coordinate(chart.height));
    TemplateList rects;
    for (const Chart::Rect& rect : chart.rects) rects.push_back(rect_data(rect));
    TemplateList paths;
    for (const Chart::Path& path : chart.paths) {
        TemplateData one("look", path.look);
        one.set("d", path.d);
        paths.push_back(one);
    }
    TemplateList marks;
    for (const Chart::Mark& mark : chart.marks) marks.push_back(mark_data(mark));
    TemplateList texts;
    for (const Chart::Text& text : chart.texts) texts.push_back(text_data(text));
    data.set("rects", rects);
    data.set("paths", paths);
    data.set("marks", marks);
    data.set("texts", texts);
    return PageTemplate("chart.mustache").fill(data);
}

}  // namespace

std::string coordinate(double value) {
    return fmt::format("{:.1f}", value);
}

std::string run_look(std::size_t run) {
    TemplateData data;
    set_run_looks(data, run);
    return data.get("colour")->string_value();
}

std::string figures_html(const std::vector<Figure>& figures) {
    if (figures.empty()) return "";
    TemplateList list;
    for (const Figure& figure : figures) {
        TemplateData one("caption", figure.caption);
        one.set("details", figure.details);
        one.set("chart", chart_svg(figure.chart));
        list.push_back(one);
    }
    return PageTemplate("figures.mustache").fill(TemplateData("figures", list));
}

double Scale::at(double value) const {
    return from + (to - from) * std::clamp((value - low) / (high - low), 0.0, 1.0);
}

std::string horizontal(double from, double to, double y) {
    return fmt::format("M{} {}H{}", coordinate(from), coordinate(y), coordinate(to));
}

std::string vertical(double x, double from, double to) {
    return fmt::format("M{} {}V{}", coordinate(x), coordinate(from), coordinate(to));
}

void add_x_ticks(Chart& chart, const Scale& scale, const std::vector<double>& ticks, double top, double bottom) {
    for (const double tick : ticks) {
        const double x = scale.at(tick);
        chart.paths.push_back({vertical(x, top, bottom + 3), "grid"});
        chart.texts.push_back({.x = x, .y = bottom + 15, .text = fmt::format("{:g}", tick), .anchor = "middle"});
    }
}

void add_y_ticks(Chart& chart, const Scale& scale, const std::vector<double>& ticks, double left, double right) {
    for (const double tick : ticks) {
        const double y = scale.at(tick);
        chart.paths.push_back({horizontal(left - 3, right, y), "grid"});
        chart.texts.push_back({.x = left - 6, .y = y + 4, .text = fmt::format("{:g}", tick), .anchor = "end"});
    }
}

}  // namespace reports::formats
