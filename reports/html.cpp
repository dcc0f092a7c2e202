// The report page: one file without network, light and dark.

#include <fmt/format.h>

#include <algorithm>

#include "reports/render.hpp"
#include "reports/summary.hpp"

namespace reports {
namespace {

constexpr const char* kHead = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Bellwether report</title><style>
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--page:#fff;--card:#f6f8fa}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa6b5;--line:#333c48;--page:#12161c;--card:#1a2028}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}th{color:var(--soft);font-weight:600}
td.n,th.n{text-align:right}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);padding:.5rem .7rem;margin:.3rem 0;border-radius:4px}
details{border-bottom:1px solid var(--line);padding:.3rem 0}summary{cursor:pointer}.soft{color:var(--soft)}svg text{fill:var(--ink);font-size:12px}
</style></head><body>
)html";

constexpr std::string_view kColours[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"};  // Okabe and Ito

/// The length of the UTF-8 sequence at the start of `text`; 0 when it is none.
std::size_t sequence(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
    }
    return length;
}

/// Hostile text as text: markup escaped, control and direction characters made visible.
std::string escape(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = sequence(text);
        const std::string_view one = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(one.size());
        if (length == 0) out += "\xEF\xBF\xBD";
        else if (one == "&") out += "&amp;";
        else if (one == "<") out += "&lt;";
        else if (one == ">") out += "&gt;";
        else if (one == "\"") out += "&quot;";
        else if (one == "'") out += "&#39;";
        else if (length == 1 && (static_cast<unsigned char>(one[0]) < 0x20 || one[0] == 0x7F) && one != "\n" && one != "\t") out += fmt::format("\\x{:02x}", one[0]);
        else if (one >= "\xE2\x80\xAA" && one <= "\xE2\x80\xAE") out += "[bidi]";
        else if (one >= "\xE2\x81\xA6" && one <= "\xE2\x81\xA9") out += "[bidi]";
        else out += one;
    }
    return out;
}

std::string plot(const std::vector<RunView>& runs, const std::vector<SummaryRow>& rows) {
    std::vector<const SummaryRow*> shown;
    for (const SummaryRow& row : rows) {
        if (!row.metric->values.empty()) shown.push_back(&row);
    }
    if (shown.empty()) return "";
    const double left = 330;
    const double width = 500;
    std::string svg = fmt::format("<h2>Scores with 95 % intervals</h2><div class=\"scroll\"><svg role=\"img\" aria-label=\"Scores with intervals\" width=\"880\" height=\"{}\">", shown.size() * 22 + 30);
    for (int tick = 0; tick <= 4; ++tick) {
        const double x = left + width * tick / 4;
        svg += fmt::format("<line x1=\"{0}\" x2=\"{0}\" y1=\"4\" y2=\"{1}\" stroke=\"var(--line)\"/><text x=\"{0}\" y=\"{2}\" text-anchor=\"middle\">{3} %</text>", x, shown.size() * 22 + 6, shown.size() * 22 + 22, tick * 25);
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const SummaryRow& row = *shown[i];
        const double y = static_cast<double>(i) * 22 + 15;
        const auto run = static_cast<std::size_t>(row.run - runs.data());
        const std::string_view colour = kColours[run % std::size(kColours)];
        const auto x = [&](double value) { return left + width * std::clamp(value, 0.0, 1.0); };
        svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{} {} · {}</text>", left - 12, y + 4, escape(row.task->task), escape(row.metric->name), escape(row.run->variant));
        svg += fmt::format("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2}\" y2=\"{2}\" stroke=\"{3}\" stroke-width=\"3\"/><circle cx=\"{4}\" cy=\"{2}\" r=\"5\" fill=\"{3}\"/>", x(row.ci95.low), x(row.ci95.high), y, colour, x(row.metric->value));
    }
    return svg + "</svg></div>";
}

std::string item(const ItemView& view) {
    std::string scores;
    for (const auto& [name, value] : view.scores) scores += fmt::format(" {} {}", escape(name), value ? fmt::format("{:g}", *value) : "unscored");
    std::string html = fmt::format("<details><summary>{} <span class=\"soft\">{}</span></summary>", view.doc, scores);
    if (!view.error.empty()) html += fmt::format("<p>Error: {}</p>", escape(view.error));
    if (!view.exchanges.empty()) html += fmt::format("<pre>{}</pre>", escape(view.exchanges[0].prompt));
    if (!view.target.empty()) html += fmt::format("<p class=\"soft\">Expected: {}</p>", escape(view.target));
    for (const Exchange& exchange : view.exchanges) {
        html += fmt::format("<pre>{}{}</pre>", escape(exchange.answer), exchange.logprob ? fmt::format("   ({:.4f})", *exchange.logprob) : "");
    }
    return html + "</details>";
}

}  // namespace

std::string render_html(const std::vector<RunView>& runs) {
    const std::vector<SummaryRow> rows = summarise(runs);
    std::string html = std::string(kHead) + "<h1>Bellwether report</h1>" + plot(runs, rows);
    html += "<h2>Scores</h2><div class=\"scroll\"><table><tr><th>task<th>metric<th>better<th>run<th class=n>value<th class=n>std. error<th class=n>95 % interval<th class=n>items<th class=n>errors</tr>";
    for (const SummaryRow& row : rows) {
        html += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td class=n>{:.4f}<td class=n>{:.4f}<td class=n>{:.4f} to {:.4f}<td class=n>{}<td class=n>{}</tr>", escape(row.task->task),
                            escape(row.metric->name), row.metric->higher_is_better ? "higher" : "lower", escape(row.run->variant), row.metric->value,
                            row.metric->standard_error, row.ci95.low, row.ci95.high, row.task->items, row.task->errors);
    }
    html += "</table></div>";
    const std::vector<DifferenceRow> paired = differences(runs);
    if (!paired.empty()) {
        html += fmt::format("<h2>Paired differences against {}</h2><div class=\"scroll\"><table><tr><th>task<th>metric<th>run<th class=n>difference<th class=n>95 % interval<th class=n>McNemar p<th class=n>detectable<th>verdict</tr>", escape(runs[0].variant));
        for (const DifferenceRow& row : paired) {
            const Paired& p = row.paired;
            html += fmt::format("<tr><td>{}<td>{}<td>{}<td class=n>{:+.4f}<td class=n>{:+.4f} to {:+.4f}<td class=n>{}<td class=n>{:.4f}<td>{}</tr>", escape(row.task->task),
                                escape(row.metric->name), escape(row.run->variant), p.difference, p.ci95.low, p.ci95.high,
                                p.mcnemar_p ? fmt::format("{:.2g}", *p.mcnemar_p) : "–", p.minimum_detectable, row.verdict);
        }
        html += "</table></div>";
    }
    html += "<h2>Where the numbers come from</h2><div class=\"scroll\"><table><tr><th>run<th>model<th>fingerprint<th>device<th>numerics<th>created</tr>";
    for (const RunView& run : runs) {
        html += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}{}</tr>", run.id, escape(run.variant), escape(run.fingerprint.substr(0, 16)), escape(run.device),
                            escape(run.numerics), escape(run.created), run.complete ? "" : " (unfinished)");
    }
    html += "</table></div>";
    for (const RunView& run : runs) {
        for (const TaskView& task : run.tasks) {
            if (task.shown.empty()) continue;
            html += fmt::format("<h2>{} · {}</h2><details><summary>{} of {} items</summary>", escape(run.variant), escape(task.task), task.shown.size(), task.items);
            for (const ItemView& view : task.shown) html += item(view);
            html += "</details>";
        }
    }
    return html + "</body></html>\n";
}

}  // namespace reports
