#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace reports::formats {

/// Characters of a name left of the axis, unless a chart has wider names.
inline constexpr std::size_t kNameWidth = 16;

/// A drawing of one figure. Lengths are in units of the view box, about one CSS pixel each; y grows downwards. Looks
/// are class names of page.css. All other text is hostile.
struct Chart {
    struct Rect {
        double x = 0, y = 0, width = 0, height = 0;
        std::string look;
        double opacity = 1;
        std::string title = {};  ///< shown when pointed at; empty: none
    };
    /// A path in SVG's letters.
    struct Path {
        std::string d;
        std::string look;
    };
    /// The mark of a run, as in the whole page.
    struct Mark {
        double x = 0, y = 0;
        std::size_t run = 0;
        std::string title;
    };
    struct Text {
        double x = 0, y = 0;
        std::string text;
        std::string look = "tick";
        std::string anchor = "start";  ///< or "middle", "end"
        bool is_slanted = false;       ///< rises to the right
    };

    double width = 340;
    double height = 0;
    std::string title;        ///< what it shows, for those who do not see it
    std::string description;  ///< its main numbers in words
    std::vector<Rect> rects = {};
    std::vector<Path> paths = {};
    std::vector<Mark> marks = {};
    std::vector<Text> texts = {};
};

/// A chart with its caption.
struct Figure {
    std::string caption;
    std::string details;
    Chart chart;
};
/// Figures beside each other; empty when there are none.
std::string figures_html(const std::vector<Figure>& figures);

/// Maps values from low to high to coordinates; values beyond are drawn at the end.
struct Scale {
    double low = 0, high = 1;
    double from = 0, to = 1;
    double at(double value) const;
};
/// Straight lines as paths.
std::string horizontal(double from, double to, double y);
std::string vertical(double x, double from, double to);

/// Ticks of the scale with grid lines: across from `top` to `bottom`, with labels below.
void add_x_ticks(Chart& chart, const Scale& scale, const std::vector<double>& ticks, double top, double bottom);
/// Across from `left` to `right`, with labels on the left.
void add_y_ticks(Chart& chart, const Scale& scale, const std::vector<double>& ticks, double left, double right);

/// The CSS class with a run's colour.
std::string run_look(std::size_t run);
/// One decimal.
std::string coordinate(double value);

}  // namespace reports::formats
