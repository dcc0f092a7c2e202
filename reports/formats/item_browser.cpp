#include "reports/formats/item_browser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/item_list.hpp"
#include "reports/formats/packed_items.hpp"
#include "reports/formats/page_template.hpp"
#include "reports/formats/short_text.hpp"
#include "reports/sections/browsed_items.hpp"

namespace reports::formats {
namespace {

/// The plain list has this share of the room, which is enough for some hundred items.
constexpr std::size_t kListShare = 16;

/// Number of documents of the tasks, shown or not.
std::size_t count_all(const std::vector<sections::BrowsedTask>& tasks) {
    std::size_t all = 0;
    for (const sections::BrowsedTask& task : tasks) {
        std::size_t own = task.documents.size();
        for (const data::TaskView* view : task.tasks) own = std::max<std::size_t>(own, view->items);
        all += own;
    }
    return all;
}

/// What the page does not have of the runs' items, `all` documents, a sentence each.
std::vector<std::string> left_out_sentences(const PackedItems& items, std::size_t all, std::size_t runs) {
    std::size_t shown = 0;
    for (const sections::BrowsedTask& task : items.tasks) shown += task.documents.size();
    std::vector<std::string> sentences;
    if (shown < all) {
        const char* differing = runs > 1 ? "those on which the runs differ, then " : "";
        sentences.push_back(fmt::format("{} of {} items are in this page: first {}errors, then wrong answers.",
                                        grouped(shown), grouped(all), differing));
    }
    if (items.shortened > 0) {
        const std::string differing = grouped(items.limits.differing);
        const std::string other = grouped(items.limits.other);
        const std::string limit = differing == other
                                      ? differing + " bytes"
                                      : fmt::format("{} bytes ({} where the runs agree)", differing, other);
        sentences.push_back(
            fmt::format("Texts longer than {} are shortened ({} of them).", limit, grouped(items.shortened)));
    }
    if (!sentences.empty()) sentences.push_back("bellwether show RUN --item N --task NAME prints any item whole.");
    return sentences;
}

}  // namespace

std::string item_browser(const std::vector<data::RunView>& runs, std::size_t max_bytes) {
    std::vector<sections::BrowsedTask> tasks = sections::browsed_tasks(runs);
    if (tasks.empty()) return "";
    const std::size_t all = count_all(tasks);
    const std::string list = item_list(tasks, runs, max_bytes / kListShare);
    const PackedItems items = packed_items(std::move(tasks), runs, max_bytes - max_bytes / kListShare);
    TemplateData data("list", list);
    data.set("several", runs.size() > 1);
    data.set("many", runs.size() > 2);
    data.set("left_out", text_list(left_out_sentences(items, all, runs.size())));
    data.set("parts", text_list(items.parts));
    return PageTemplate("items.mustache").fill(data);
}

}  // namespace reports::formats
