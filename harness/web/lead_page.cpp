#include "harness/web/lead_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/study/protocol.hpp"

namespace harness::web {
namespace {

using study::RaterStatus;
using study::StudyStatus;

/// As many raters as a person looks through; the others are in `rate status`.
constexpr std::size_t kMaxRows = 2000;

/// For what is not known yet: an empty cell looks as if something failed.
constexpr const char* kNothingYet = "\u2013";

std::string share(std::size_t part, std::size_t all) {
    if (all == 0) return kNothingYet;
    return fmt::format("{} of {} ({:.0f}%)", part, all, 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

std::string ago(std::optional<store::UnixMs> at, store::UnixMs now) {
    if (!at) return "never";
    const store::UnixMs seconds = std::max<store::UnixMs>(0, now - *at) / 1000;
    if (seconds < 60) return "now";
    if (seconds < 3600) return fmt::format("{} min ago", seconds / 60);
    if (seconds < 86400) return fmt::format("{} h ago", seconds / 3600);
    return fmt::format("{} days ago", seconds / 86400);
}

struct Column {
    const char* key;
    const char* title;
};
constexpr Column kColumns[] = {{"submitted", "Rated"},       {"counted", "Counted"},     {"skipped", "Skipped"},
                               {"pace", "Median time"},      {"gold", "Gold"},           {"attention", "Attention"},
                               {"streak", "Longest streak"}, {"left", "Left preferred"}, {"agreement", "Agreement"},
                               {"seen", "Last answer"}};

std::string cell_of(const RaterStatus& rater, std::string_view key, store::UnixMs now) {
    if (key == "submitted") return fmt::format("{}", rater.submitted);
    if (key == "counted") return fmt::format("{}", rater.counted);
    if (key == "skipped") return fmt::format("{}", rater.skipped);
    if (key == "pace") return rater.submitted == 0 ? kNothingYet : fmt::format("{:.1f} s", rater.median_seconds);
    if (key == "gold") return share(rater.gold_right, rater.gold);
    if (key == "attention") return share(rater.attention_right, rater.attention);
    if (key == "streak") return fmt::format("{}", rater.longest_streak);
    if (key == "left") return share(rater.left_preferred, rater.left_preferred + rater.right_preferred);
    if (key == "agreement") return share(rater.agreeing, rater.with_majority);
    return ago(rater.last_seen, now);
}

std::string live_key(const RaterStatus& rater, std::string_view column) {
    return fmt::format("r{}-{}", rater.rater.number, column);
}

TemplateData rater_row(const RaterStatus& rater, const LiveCells& cells) {
    TemplateData row;
    TemplateList values;
    for (const Column& column : kColumns) {
        TemplateData value;
        value.set("key", live_key(rater, column.key));
        value.set("text", cells.at(live_key(rater, column.key)));
        values.push_back(std::move(value));
    }
    row.set("cells", TemplateData(values));
    row.set("number", fmt::format("{}", rater.rater.number + 1));
    row.set("rater", rater.rater.id);
    row.set("note", rater.rater.note);
    row.set("excluded", shown_if(rater.rater.excluded));
    row.set("included", shown_if(!rater.rater.excluded));
    row.set("reason", optional_text(rater.rater.reason));
    return row;
}

struct Number {
    const char* key;
    const char* title;
};
constexpr Number kNumbers[] = {{"state", "State"},
                               {"complete", "Items with all ratings"},
                               {"counted", "Ratings counted"},
                               {"agreement", "Agreement with the others"},
                               {"active", "Being worked on"},
                               {"extra", "Extra ratings"},
                               {"excluded", "Of excluded raters"},
                               {"skips", "Skips"},
                               {"scrubbed", "Answers scrubbed"}};

std::string skips_text(const StudyStatus& status) {
    std::string text;
    for (const study::SkipReason& reason : study::skip_reasons()) {
        const auto found = status.skips.find(std::string(reason.word));
        if (found != status.skips.end())
            text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", reason.label, found->second);
    }
    return text.empty() ? "none" : text;
}

void set_lists(TemplateData& data, const StudyStatus& status, const LiveCells& cells) {
    TemplateList numbers;
    for (const Number& number : kNumbers) {
        TemplateData one;
        one.set("key", number.key);
        one.set("title", number.title);
        one.set("text", cells.at(number.key));
        numbers.push_back(std::move(one));
    }
    TemplateList titles;
    for (const Column& column : kColumns) titles.push_back(TemplateData("title", column.title));
    TemplateList raters;
    for (std::size_t i = 0; i < std::min(kMaxRows, status.raters.size()); ++i)
        raters.push_back(rater_row(status.raters[i], cells));
    data.set("numbers", TemplateData(numbers));
    data.set("columns", TemplateData(titles));
    data.set("none", shown_if(raters.empty()));
    data.set("raters", TemplateData(raters));
}

}  // namespace

LiveCells live_cells(const StudyStatus& status, store::UnixMs now) {
    LiveCells cells;
    cells["state"] = status.study.state;
    cells["complete"] = fmt::format("{} of {}", status.complete, status.items);
    cells["counted"] = share(status.counted, status.wanted);
    cells["agreement"] = share(status.agreeing(), status.with_majority());
    cells["active"] = fmt::format("{}", status.active_leases);
    cells["extra"] = fmt::format("{}", status.extra);
    cells["excluded"] = fmt::format("{}", status.of_excluded);
    cells["skips"] = skips_text(status);
    cells["scrubbed"] = fmt::format("{}", status.scrubbed);
    for (std::size_t i = 0; i < std::min(kMaxRows, status.raters.size()); ++i) {
        for (const Column& column : kColumns)
            cells[live_key(status.raters[i], column.key)] = cell_of(status.raters[i], column.key, now);
    }
    return cells;
}

std::string live_json(const LiveCells& cells) {
    return nlohmann::json(cells).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Response lead_page(Pages& pages, const LeadView& view) {
    const StudyStatus& status = view.status;
    const LiveCells cells = live_cells(status, view.now);
    TemplateData data;
    data.set("study", status.study.name);
    data.set("protocol", status.study.protocol);
    data.set("csrf", view.csrf);
    data.set("open", shown_if(status.study.state == "open"));
    data.set("paused", shown_if(status.study.state == "paused"));
    data.set("closed", shown_if(status.study.state == "closed"));
    data.set("export", shown_if(view.has_export));
    set_lists(data, status, cells);
    return pages.page({.title = "Study " + status.study.name,
                       .main = pages.templates().fill("lead", data),
                       .script = Script::Lead,
                       .is_lead = true});
}

Response sign_in_page(Pages& pages, const std::string& mistake, unsigned status) {
    TemplateData data;
    data.set("mistake", optional_text(mistake));
    return pages.page({.title = "Sign in", .main = pages.templates().fill("sign_in", data), .is_lead = true}, status);
}

std::string join_link(const std::string& site, const std::string& token) {
    return fmt::format("{}/join#{}", site, token);
}

Response links_page(Pages& pages, const std::vector<study::Invitation>& links, const std::string& site) {
    TemplateList list;
    for (const study::Invitation& link : links) list.push_back(TemplateData("link", join_link(site, link.token)));
    TemplateData data;
    data.set("links", TemplateData(list));
    return pages.page({.title = "Links", .main = pages.templates().fill("links", data), .is_lead = true});
}

}  // namespace harness::web
