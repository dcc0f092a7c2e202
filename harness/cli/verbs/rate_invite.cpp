#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/study/service.hpp"
#include "harness/web/lead_page.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;

constexpr std::size_t kInviteColumns = 200;  // a token is 64 characters and must not be cut
constexpr std::size_t kMaxRaters = 10'000;

struct RateInviteOptions {
    std::string study;
    std::uint32_t raters = 1;
    std::string rater;
    std::string note;
    std::string url;  ///< of the site; empty: tokens alone
    std::string database;
    bool json = false;
};

/// The rater whose id begins so. Throws UsageError for none or several.
std::string rater_of(study::StudyService& service, const std::string& start) {
    std::vector<std::string> found;
    for (const study::RaterStatus& one : service.status().raters) {
        if (one.rater.id.starts_with(start)) found.push_back(one.rater.id);
    }
    if (found.size() == 1) return found.front();
    throw base::UsageError(
        fmt::format("--rater {}: {} raters have such an id; 'bellwether rate status' lists them", start, found.size()));
}

/// Without a slash at the end. Throws UsageError for what is no address of a site: raters would get links that do not
/// open.
std::string site_of(const std::string& url) {
    std::string site = url;
    while (site.ends_with('/')) site.pop_back();
    const std::size_t host = site.starts_with("https://") ? 8 : site.starts_with("http://") ? 7 : site.size();
    const bool is_site =
        host < site.size() && std::all_of(site.begin() + static_cast<std::ptrdiff_t>(host), site.end(), [](char c) {
            return c > ' ' && c < 0x7F && c != '/' && c != '?' && c != '#' && c != '@';
        });
    if (!is_site) {
        throw base::UsageError(fmt::format(
            "--url '{}': expected the address of the rating site without a path, such as https://rate.example.org",
            url));
    }
    return site;
}

void say_shown_once() {
    print_error("Each token begins one session of 30 days. Keep them: they are not stored and not shown again.\n");
}

ExitCode invite(const RateInviteOptions& options) {
    if (options.raters > kMaxRaters)
        throw base::UsageError(fmt::format("--raters {}: at most {} at a time", options.raters, kMaxRaters));
    const std::string site = options.url.empty() ? "" : site_of(options.url);
    const store::Database database = database_to_change(options.database);
    study::StudyService service(database, options.study);
    const std::vector<study::Invitation> links = options.rater.empty()
                                                     ? service.invite(options.raters, options.note)
                                                     : std::vector{service.new_link(rater_of(service, options.rater))};
    if (options.json) {
        json list = json::array();
        for (const study::Invitation& link : links) {
            list.push_back({{"rater", link.rater}, {"token", link.token}});
            if (!site.empty()) list.back()["link"] = web::join_link(site, link.token);
        }
        print_json({{"study", options.study}, {"invitations", std::move(list)}});
        return ExitCode::Done;
    }
    if (!site.empty()) {
        // No table: a terminal would break the links.
        for (const study::Invitation& link : links) print("{}\n", web::join_link(site, link.token));
        say_shown_once();
        return ExitCode::Done;
    }
    Table table = table_of({{"rater", Column::Key}, {"token", Column::Text}});
    for (const study::Invitation& link : links) table.rows.push_back({link.rater, link.token});
    print_table(table, kInviteColumns);
    say_shown_once();
    return ExitCode::Done;
}

}  // namespace

void add_rate_invite(Verb& rate) {
    Verb& verb = rate.verb("invite", "Tokens for raters, shown once");
    auto& options = verb.command(invite);
    verb.argument("STUDY", text_not_empty(options.study), "Name of the study").required();
    Option& raters =
        verb.option("--raters", "N", whole_number(options.raters, 1), "New raters (default: 1)").of_its_verb();
    verb.option("--rater", "ID", text_not_empty(options.rater),
                "Another token for a rater who is there already; the start of the id is enough")
        .of_its_verb()
        .excludes(raters);
    verb.option("--note", "TEXT", any_text(options.note), "Kept with the raters, for you only").of_its_verb();
    verb.option("--url", "BASE", text_not_empty(options.url),
                "Address of the rating site, such as https://rate.example.org: prints whole links")
        .of_its_verb();
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether rate invite helpful --raters 3");
    verb.example("bellwether rate invite helpful --raters 3 --url https://rate.example.org");
}

}  // namespace harness::cli
