#include "harness/cli/licence_notice.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "harness/cli/print.hpp"
#include "harness/cli/terminal.hpp"
#include "reports/sections/terms.hpp"
#include "reports/text/fold.hpp"

namespace harness::cli {

void licence_notice_option(Verb& verb, results::LicenceNotice& notice) {
    verb.flag(
            "--no-licence-notice",
            [&notice](const std::vector<std::string>& words) {
                bool silenced = false;
                truth(silenced)(words);
                notice = silenced ? results::LicenceNotice::Silenced : results::LicenceNotice::Shown;
            },
            "Leave out the terms of Llama 2's licence, which are shown with its models")
        .alias("--no-license-notice");
}

void print_licence_notice(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                          results::LicenceNotice notice) {
    if (notice == results::LicenceNotice::Silenced) return;
    const auto terms = results::licence_terms(runs, rows);
    if (!terms) return;
    const std::optional<std::size_t> width = terminal_width(Stream::Error);
    constexpr std::size_t kMinColumns = 12;
    for (const std::string& line : reports::sections::terms_lines(*terms)) {
        const std::string visible = visible_line(line);
        if (!width) {
            print_error("{}\n", visible);
            continue;
        }
        for (const std::string& part : reports::text::folded(visible, std::max(*width, kMinColumns)))
            print_error("{}\n", part);
    }
}

}  // namespace harness::cli
