#include "harness/web/rater_routes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "harness/web/rate_page.hpp"
#include "harness/web/secrets.hpp"
#include "harness/web/visit.hpp"

namespace harness::web {
namespace {

using study::StudyService;
using study::SubmitOutcome;

constexpr std::string_view kRole = "rater";
constexpr std::size_t kTokenDigits = 64;
constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kMaxNote = 10000;  // bytes
/// Time at work on an item without a script that measures it, at most: nobody knows about pauses then. [s]
constexpr double kMaxUnmeasured = 1800;

std::optional<bool> yes_or_no(const Form& form, const std::string& name) {
    const std::string& word = form.text(name);
    if (word.empty()) return std::nullopt;
    return word == "yes";
}

store::Choice choice_of(const Form& form, study::Protocol protocol) {
    store::Choice choice;
    choice.value = form.number("value");
    if (protocol == study::Protocol::Pairwise && form.has("both_bad")) choice.both_bad = true;
    choice.left_safe = yes_or_no(form, "left_safe");
    choice.right_safe = yes_or_no(form, "right_safe");
    return choice;
}

std::string note_of(const Form& form) {
    return form.text("note").substr(0, kMaxNote);
}

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

const std::string& question_of(const StudyService& service, std::string& fallback) {
    if (!service.question().empty()) return service.question();
    fallback = study::scale_of(service.protocol()).question;
    return fallback;
}

RateView view_of(const StudyService& service, study::ShownItem item, std::string csrf) {
    std::string fallback;
    return {.item = std::move(item),
            .protocol = service.protocol(),
            .question = question_of(service, fallback),
            .csrf = std::move(csrf)};
}

}  // namespace

/// Somebody with a session.
struct RaterRoutes::Visitor {
    store::RaterSessionRow session;
    std::string secret;
};

RaterRoutes::RaterRoutes(Pages& pages, study::Clock clock) : pages_(pages), clock_(std::move(clock)) {}

Render RaterRoutes::refused(unsigned status, std::string_view title, std::string_view text,
                            std::string_view next) const {
    return [&pages = pages_, status, title = std::string(title), text = std::string(text), next = std::string(next)] {
        return pages.message(status, title, text, next);
    };
}

template <class Act>
Render RaterRoutes::with_session(const Request& request, StudyService& service, const Act& act) {
    Visitor visitor{.session = {}, .secret = secret_of(request, kRole)};
    auto session = visitor.secret.empty() ? std::nullopt : service.session(visitor.secret);
    if (!session) {
        return refused(403, "Open your link first",
                       "This browser has no session. Open the link that you were sent; if it was used before, ask for "
                       "another one.");
    }
    visitor.session = std::move(*session);
    return act(visitor);
}

template <class Act>
Render RaterRoutes::with_form(const Request& request, StudyService& service, const Act& act) {
    return with_session(request, service, [&](const Visitor& visitor) {
        const auto form = proven_form(request, visitor.secret);
        if (!form) return refused(403, "Nothing was changed", "This request did not come from our page.", "/rate");
        return act(visitor, *form);
    });
}

Render RaterRoutes::start(const Request& request, StudyService& service) {
    const std::string secret = secret_of(request, kRole);
    if (request.path == "/" && !secret.empty() && service.session(secret)) return ready(redirect("/rate"));
    const std::string token = last_part(request.path);
    return [&pages = pages_, protocol = service.protocol(), token = is_hex(token, kTokenDigits) ? token : ""] {
        return start_page(pages, protocol, token);
    };
}

Render RaterRoutes::join(const Request& request, StudyService& service) {
    const auto form = Form::parse(request.body);
    // A whole link may have been pasted.
    const std::string typed = form ? form->text("token") : "";
    const std::string token = typed.substr(std::min(typed.size(), typed.find_last_of("/#") + 1));
    const auto begun = is_hex(token, kTokenDigits) ? service.begin_session(token) : std::nullopt;
    if (!begun) {
        return refused(403, "This link does not open a session",
                       "It was used before, it is incomplete, or it belongs to another study. Ask for another link.");
    }
    Response response = redirect("/rate");
    set_cookie(response, request, kRole, begun->secret);
    return ready(std::move(response));
}

Render RaterRoutes::show(const Request& request, StudyService& service) {
    return with_session(request, service, [&](const Visitor& visitor) -> Render {
        auto page = std::make_shared<study::Page>(service.current(visitor.session));
        const std::string csrf = csrf_token(visitor.secret);
        const store::UnixMs now = clock_();
        if (!page->item) return [&pages = pages_, page, csrf, now] { return state_page(pages, *page, csrf, now); };
        auto view = std::make_shared<RateView>(view_of(service, std::move(*page->item), csrf));
        view->progress = page->progress;
        view->can_undo = page->can_undo;
        view->now = now;
        if (request.query == "texts=as-written") view->texts = TextView::AsWritten;
        return [&pages = pages_, view] { return rate_page(pages, *view); };
    });
}

double RaterRoutes::seconds_of(const Form& form) const {
    if (const auto measured = form.seconds("seconds"); measured && form.has("measured")) return *measured;
    const auto opened = form.seconds("opened");
    const double passed = opened ? (static_cast<double>(clock_()) - *opened) / 1000 : 0;
    return std::clamp(passed, 0.0, kMaxUnmeasured);
}

/// The item with the choice as it was, and what is wrong with it.
Render RaterRoutes::item_again(StudyService& service, const Visitor& visitor, const Form& form, std::string mistake) {
    const std::string& id = form.text("item");
    auto item = service.look(visitor.session, id);
    study::Page page = item ? study::Page{} : service.current(visitor.session);
    if (!item && page.item && page.item->id == id) item = std::move(page.item);
    if (!item) return ready(redirect("/rate"));
    item->choice = choice_of(form, service.protocol());
    item->note = note_of(form);
    item->seconds = seconds_of(form);
    auto view = std::make_shared<RateView>(view_of(service, std::move(*item), csrf_token(visitor.secret)));
    view->progress = service.progress(visitor.session);
    view->can_undo = page.can_undo;
    view->mistake = std::move(mistake);
    view->now = clock_();
    return [&pages = pages_, view] { return rate_page(pages, *view); };
}

Render RaterRoutes::submit(const Request& request, StudyService& service) {
    return with_form(request, service, [&](const Visitor& visitor, const Form& form) -> Render {
        const study::SubmitResult result = service.submit(
            visitor.session, form.text("item"), choice_of(form, service.protocol()), note_of(form), seconds_of(form));
        switch (result.outcome) {
            case SubmitOutcome::Stored: break;
            case SubmitOutcome::Incomplete: return item_again(service, visitor, form, result.message);
            case SubmitOutcome::NotYours:
            case SubmitOutcome::NotNow: return refused(409, "This answer was not stored", result.message, "/rate");
        }
        if (!result.feedback) return ready(redirect("/rate"));
        return [&pages = pages_, feedback = *result.feedback] { return feedback_page(pages, feedback); };
    });
}

Render RaterRoutes::draft(const Request& request, StudyService& service) {
    return with_form(request, service, [&](const Visitor& visitor, const Form& form) {
        const bool is_kept = service.save_draft(visitor.session, form.text("item"), choice_of(form, service.protocol()),
                                                note_of(form), seconds_of(form));
        return ready(is_kept ? Response{.status = 204} : plain(409, "This item is not open to you any more."));
    });
}

Render RaterRoutes::renew(const Request& request, StudyService& service) {
    return with_form(request, service, [&](const Visitor& visitor, const Form& form) {
        const bool is_open = service.renew(visitor.session, form.text("item"));
        return ready(is_open ? Response{.status = 204} : plain(409, "This item is not open to you any more."));
    });
}

Render RaterRoutes::skip(const Request& request, StudyService& service) {
    return with_form(request, service, [&](const Visitor& visitor, const Form& form) {
        if (form.text("reason").empty()) return item_again(service, visitor, form, "Please say why you skip this.");
        const bool is_skipped = service.skip(visitor.session, form.text("item"), form.text("reason"), note_of(form));
        if (!is_skipped) return refused(409, "This item was not skipped", "It is not open to you any more.", "/rate");
        return ready(redirect("/rate"));
    });
}

Render RaterRoutes::undo(const Request& request, StudyService& service) {
    return with_form(request, service, [&](const Visitor& visitor, const Form&) {
        service.undo(visitor.session);  // nothing to undo: the page shows that
        return ready(redirect("/rate"));
    });
}

Render RaterRoutes::history(const Request& request, StudyService& service) {
    return with_session(request, service, [&](const Visitor& visitor) -> Render {
        return [&pages = pages_, items = service.submitted(visitor.session),
                done = service.progress(visitor.session).done] { return history_page(pages, items, done); };
    });
}

Render RaterRoutes::look(const Request& request, StudyService& service) {
    return with_session(request, service, [&](const Visitor& visitor) -> Render {
        const std::string id = last_part(request.path);
        auto item = is_hex(id, kIdDigits) ? service.look(visitor.session, id) : std::nullopt;
        if (!item) return refused(404, "There is no such answer", "It is not one of yours of this session.", "/rate");
        auto view = std::make_shared<RateView>(view_of(service, std::move(*item), csrf_token(visitor.secret)));
        view->progress = service.progress(visitor.session);
        view->now = clock_();
        return [&pages = pages_, view] { return rate_page(pages, *view); };
    });
}

Render RaterRoutes::leave(const Request& request, StudyService& service) {
    return with_form(request, service, [&](const Visitor& visitor, const Form&) -> Render {
        service.end_session(visitor.session);
        return [&pages = pages_, request] {
            Response response =
                pages.message(200, "You have signed out", "Your answers are stored. Ask for another link to go on.");
            remove_cookie(response, request, kRole);
            return response;
        };
    });
}

}  // namespace harness::web
