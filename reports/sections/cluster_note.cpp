#include "reports/sections/cluster_note.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/sections/cells.hpp"

namespace reports::sections {

std::string cluster_note(const std::vector<data::RunView>& runs) {
    std::vector<std::string> seen;
    std::vector<std::string> notes;
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            if (!task.clusters.matter() || std::find(seen.begin(), seen.end(), task.task) != seen.end()) continue;
            seen.push_back(task.task);
            notes.push_back(fmt::format("{} by {} ({})", name_text(task.task), task.clusters.by,
                                        counted(task.clusters.count, "cluster")));
        }
    }
    if (notes.empty()) return "";
    constexpr std::size_t kShown = 5;
    const std::size_t more = notes.size() - std::min(notes.size(), kShown);
    notes.resize(std::min(notes.size(), kShown));
    return fmt::format(" Errors, intervals and p are clustered: {}{}.", fmt::join(notes, ", "),
                       more > 0 ? fmt::format(" and {} more", counted(more, "task")) : "");
}

}  // namespace reports::sections
