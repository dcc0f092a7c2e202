#include "reports/formats/packed_items.hpp"

#include <algorithm>
#include <array>

#include "reports/formats/base64.hpp"

namespace reports::formats {
namespace {

using sections::BrowsedDocument;
using sections::BrowsedTask;
using sections::Interest;

/// What is tried in turn. The difference of two answers of 20,000 bytes is found in half a second.
constexpr std::array<TextLimits, 7> kLimits = {
    {{20000, 20000}, {20000, 4000}, {20000, 1500}, {8000, 600}, {3000, 600}, {1500, 600}, {600, 600}}};

PackedItems packed(const std::vector<BrowsedTask>& tasks, const std::vector<data::RunView>& runs,
                   const TextLimits& limits) {
    const ItemJson rendered = item_json(tasks, runs, limits);
    PackedItems items{
        .parts = {packed_text(rendered.index)}, .tasks = {}, .shortened = rendered.shortened, .limits = limits};
    for (const std::string& part : rendered.parts) items.parts.push_back(packed_text(part));
    return items;
}

std::size_t bytes_of(const PackedItems& items) {
    std::size_t bytes = 0;
    for (const std::string& part : items.parts) bytes += part.size();
    return bytes;
}

std::size_t count_documents(const std::vector<BrowsedTask>& tasks) {
    std::size_t count = 0;
    for (const BrowsedTask& task : tasks) count += task.documents.size();
    return count;
}

/// Keeps `count` documents of all tasks.
void keep_most_interesting(std::vector<BrowsedTask>& tasks, std::size_t count) {
    for (const Interest interest : {Interest::Differs, Interest::Error, Interest::Wrong, Interest::Rest}) {
        for (BrowsedTask& task : tasks) {
            std::erase_if(task.documents, [&](const BrowsedDocument& document) {
                if (document.interest() != interest) return false;
                if (count == 0) return true;
                --count;
                return false;
            });
        }
    }
    std::erase_if(tasks, [](const BrowsedTask& task) { return task.documents.empty(); });
}

}  // namespace

PackedItems packed_items(std::vector<BrowsedTask> tasks, const std::vector<data::RunView>& runs,
                         std::size_t max_bytes) {
    const std::size_t all = count_documents(tasks);
    // Texts of unknown kind are thought to shrink to a tenth: then no limits are skipped that might have sufficed.
    double packed_per_byte = 0.1;
    PackedItems items;
    for (std::size_t i = 0; i < kLimits.size(); ++i) {
        const auto raw = static_cast<double>(text_bytes(tasks, kLimits[i]));
        const bool last = i + 1 == kLimits.size();
        if (!last && raw * packed_per_byte > static_cast<double>(max_bytes)) continue;
        items = packed(tasks, runs, kLimits[i]);
        if (bytes_of(items) <= max_bytes) break;
        if (raw > 0) packed_per_byte = static_cast<double>(bytes_of(items)) / raw;
    }
    std::size_t kept = all;
    while (bytes_of(items) > max_bytes && kept > 1) {
        const double share = static_cast<double>(max_bytes) / static_cast<double>(bytes_of(items));
        kept = std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(kept) * share * 0.98));
        keep_most_interesting(tasks, kept);
        items = packed(tasks, runs, items.limits);
    }
    items.left_out = all - count_documents(tasks);
    items.tasks = std::move(tasks);
    return items;
}

}  // namespace reports::formats
