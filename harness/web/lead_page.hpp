#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/study/page.hpp"
#include "harness/study/service.hpp"
#include "harness/web/pages.hpp"

namespace harness::web {

/// The numbers of the lead's page that change, by the key of their place in it.
using LiveCells = std::map<std::string, std::string>;
LiveCells live_cells(const study::StudyStatus& status, store::UnixMs now);
/// As the data of a server-sent event.
std::string live_json(const LiveCells& cells);

struct LeadView {
    study::StudyStatus status;
    std::string csrf;
    bool has_export = false;
    store::UnixMs now = 0;
};

Response lead_page(Pages& pages, const LeadView& view);
Response sign_in_page(Pages& pages, const std::string& mistake, unsigned status = 200);
/// What a rater opens: the token is in the fragment, which browsers do not send. `site` is "https://host".
std::string join_link(const std::string& site, const std::string& token);
/// Links that were just made; `site` is "https://host". They are shown this once.
Response links_page(Pages& pages, const std::vector<study::Invitation>& links, const std::string& site);

}  // namespace harness::web
