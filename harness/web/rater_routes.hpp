#pragma once

#include "harness/study/service.hpp"
#include "harness/web/form.hpp"
#include "harness/web/message.hpp"
#include "harness/web/pages.hpp"

namespace harness::web {

/// What raters may do. Each function runs on the study's thread and returns what is left to render; `pages` is used by
/// that only. Everything but start() and join() needs the cookie of a session, every POST the session's CSRF token too:
/// 403 otherwise.
class RaterRoutes {
public:
    /// `pages` must outlive this object and what its functions return.
    RaterRoutes(Pages& pages, study::Clock clock);

    /// GET /, /join, /join/TOKEN: the button that begins a session. It does not use up the link.
    Render start(const Request& request, study::StudyService& service);
    /// POST /join {token}: exchanges the token for a cookie. 403: unknown, used before, of another study.
    Render join(const Request& request, study::StudyService& service);
    /// GET /rate[?texts=as-written]
    Render show(const Request& request, study::StudyService& service);
    /// POST /rate/submit: 303, or 200 with feedback (practice), 422 with what is missing, 409 when it is not theirs.
    Render submit(const Request& request, study::StudyService& service);
    /// POST /rate/draft: 204 or 409.
    Render draft(const Request& request, study::StudyService& service);
    /// POST /rate/renew: 204 or 409.
    Render renew(const Request& request, study::StudyService& service);
    /// POST /rate/skip: 303, 422 without a reason, or 409.
    Render skip(const Request& request, study::StudyService& service);
    /// POST /rate/undo: 303.
    Render undo(const Request& request, study::StudyService& service);
    /// GET /rate/history
    Render history(const Request& request, study::StudyService& service);
    /// GET /rate/item/ID: one of the answers of this session, to be changed; 404 otherwise.
    Render look(const Request& request, study::StudyService& service);
    /// POST /rate/leave: ends the session.
    Render leave(const Request& request, study::StudyService& service);

private:
    struct Visitor;
    Render refused(unsigned status, std::string_view title, std::string_view text, std::string_view next = "") const;
    template <class Act>
    Render with_session(const Request& request, study::StudyService& service, const Act& act);
    template <class Act>
    Render with_form(const Request& request, study::StudyService& service, const Act& act);
    double seconds_of(const Form& form) const;
    Render item_again(study::StudyService& service, const Visitor& visitor, const Form& form, std::string mistake);

    Pages& pages_;
    study::Clock clock_;
};

}  // namespace harness::web
