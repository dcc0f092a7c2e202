#include "harness/results/distinguishing.hpp"

#include <vector>

#include "harness/results/run_view.hpp"
#include "reports/sections/settings.hpp"

namespace harness::results {

std::map<std::int64_t, std::string> distinguishing_settings(const store::RunStore& runs) {
    std::map<std::string, std::vector<store::RunRow>> by_variant;
    for (const store::RunRow& run : runs.runs()) by_variant[run.variant].push_back(run);
    std::map<std::int64_t, std::string> texts;
    for (const auto& [variant, rows] : by_variant) {
        if (rows.size() < 2) continue;
        std::vector<reports::data::RunView> views;
        for (const store::RunRow& run : rows) views.push_back(settings_view(runs, run));
        const std::vector<std::string> found = reports::sections::distinguishing_texts(views);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!found[i].empty()) texts[rows[i].id] = found[i];
        }
    }
    return texts;
}

}  // namespace harness::results
