#pragma once

#include <functional>

#include "harness/study/service.hpp"
#include "harness/web/form.hpp"
#include "harness/web/lead_sessions.hpp"
#include "harness/web/message.hpp"
#include "harness/web/pages.hpp"

namespace harness::web {

/// All ratings of the study, as a file; runs on the renderer's thread.
using ExportRatings = std::function<std::string()>;

/// What the study's lead may do. Runs as RaterRoutes does. Everything but show() and sign_in() needs the lead's cookie,
/// every POST its CSRF token too: 403 otherwise.
class LeadRoutes {
public:
    LeadRoutes(Pages& pages, LeadSessions& sessions, study::Clock clock, ExportRatings exporter);

    /// GET /lead: the study's state, or the form to sign in.
    Render show(const Request& request, study::StudyService& service);
    /// POST /lead/sign-in {passphrase}: 303 or 403. Does not need the study, and takes a tenth of a second.
    Response sign_in(const Request& request);
    /// POST /lead/sign-out
    Render sign_out(const Request& request, study::StudyService& service);
    /// POST /lead/state {action: pause | resume | close, note}
    Render set_state(const Request& request, study::StudyService& service);
    /// POST /lead/invite {count: 1 to 200, note}
    Render invite(const Request& request, study::StudyService& service);
    /// POST /lead/rater {rater, action: exclude | include | link, reason}
    Render change_rater(const Request& request, study::StudyService& service);
    /// GET /lead/events: a stream of live_json(), which ends with the lead's session.
    Render events(const Request& request, study::StudyService& service);
    /// GET /lead/export
    Render download(const Request& request, study::StudyService& service);

private:
    template <class Act>
    Render with_form(const Request& request, const Act& act);
    Render refused(unsigned status, std::string_view title, std::string_view text) const;

    Pages& pages_;
    LeadSessions& sessions_;
    study::Clock clock_;
    ExportRatings exporter_;
};

}  // namespace harness::web
