#include "harness/web/lead_routes.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "harness/base/usage_error.hpp"
#include "harness/web/lead_page.hpp"
#include "harness/web/secrets.hpp"
#include "harness/web/visit.hpp"

namespace harness::web {
namespace {

using study::StudyService;

constexpr std::string_view kRole = "lead";
constexpr int kMaxInvitations = 200;
constexpr std::size_t kMaxNote = 1000;  // bytes

std::string site_of(const Request& request) {
    return fmt::format("{}://{}", request.is_secure ? "https" : "http", request.host);
}

std::string note_of(const Form& form, const char* name) {
    return form.text(name).substr(0, kMaxNote);
}

}  // namespace

LeadRoutes::LeadRoutes(Pages& pages, LeadSessions& sessions, study::Clock clock, ExportRatings exporter)
    : pages_(pages), sessions_(sessions), clock_(std::move(clock)), exporter_(std::move(exporter)) {}

Render LeadRoutes::refused(unsigned status, std::string_view title, std::string_view text) const {
    return [&pages = pages_, status, title = std::string(title), text = std::string(text)] {
        return pages.message(status, title, text, "/lead");
    };
}

template <class Act>
Render LeadRoutes::with_form(const Request& request, const Act& act) {
    const std::string secret = secret_of(request, kRole);
    if (!sessions_.is_signed_in(secret)) return refused(403, "Sign in first", "Your session has ended.");
    const auto form = proven_form(request, secret);
    if (!form) return refused(403, "Nothing was changed", "This request did not come from our page.");
    return act(*form);
}

Render LeadRoutes::show(const Request& request, StudyService& service) {
    const std::string secret = secret_of(request, kRole);
    if (!sessions_.is_signed_in(secret)) return [&pages = pages_] { return sign_in_page(pages, ""); };
    auto view = std::make_shared<LeadView>(LeadView{.status = service.status(),
                                                    .csrf = csrf_token(secret),
                                                    .has_export = static_cast<bool>(exporter_),
                                                    .now = clock_()});
    return [&pages = pages_, view] { return lead_page(pages, *view); };
}

Response LeadRoutes::sign_in(const Request& request) {
    const auto form = Form::parse(request.body);
    const std::string secret = form ? sessions_.sign_in(form->text("passphrase")) : "";
    if (secret.empty()) return sign_in_page(pages_, "That is not the passphrase.", 403);
    Response response = redirect("/lead");
    set_cookie(response, request, kRole, secret);
    return response;
}

Render LeadRoutes::sign_out(const Request& request, StudyService&) {
    return with_form(request, [&](const Form&) {
        sessions_.sign_out(secret_of(request, kRole));
        Response response = redirect("/lead");
        remove_cookie(response, request, kRole);
        return ready(std::move(response));
    });
}

Render LeadRoutes::set_state(const Request& request, StudyService& service) {
    return with_form(request, [&](const Form& form) {
        const std::string& action = form.text("action");
        if (action == "pause")
            service.pause(note_of(form, "note"));
        else if (action == "resume")
            service.resume(note_of(form, "note"));
        else if (action == "close")
            service.close(note_of(form, "note"));
        else
            return refused(422, "Nothing was changed", "Unknown action; known: pause, resume, close.");
        return ready(redirect("/lead"));
    });
}

Render LeadRoutes::invite(const Request& request, StudyService& service) {
    return with_form(request, [&](const Form& form) -> Render {
        const int count = form.number("count").value_or(0);
        if (count < 1 || count > kMaxInvitations)
            return refused(422, "No links were made", fmt::format("Ask for 1 to {} at a time.", kMaxInvitations));
        auto links = service.invite(static_cast<std::size_t>(count), note_of(form, "note"));
        return [&pages = pages_, links = std::move(links), site = site_of(request)] {
            return links_page(pages, links, site);
        };
    });
}

Render LeadRoutes::change_rater(const Request& request, StudyService& service) {
    return with_form(request, [&](const Form& form) -> Render {
        const std::string& rater = form.text("rater");
        const std::string& action = form.text("action");
        const std::string reason = note_of(form, "reason");
        if (action == "link") {
            std::vector<study::Invitation> links;
            try {
                links.push_back(service.new_link(rater));
            } catch (const base::UsageError&) {
                return refused(404, "No link was made", "There is no such rater.");
            }
            return [&pages = pages_, links, site = site_of(request)] { return links_page(pages, links, site); };
        }
        if (reason.empty()) return refused(422, "Nothing was changed", "Give a reason: it is stored and reported.");
        const bool is_known = action == "exclude" ? service.exclude(rater, reason)
                                                  : action == "include" && service.include_again(rater, reason);
        if (!is_known) return refused(404, "Nothing was changed", "There is no such rater or action.");
        return ready(redirect("/lead"));
    });
}

Render LeadRoutes::events(const Request& request, StudyService&) {
    const std::string secret = secret_of(request, kRole);
    if (!sessions_.is_signed_in(secret)) return refused(403, "Sign in first", "Your session has ended.");
    auto last = std::make_shared<std::string>();
    Response response{.content_type = "text/event-stream"};
    response.events = [this, secret, last](StudyService& service) -> std::optional<std::string> {
        if (!sessions_.is_signed_in(secret)) return std::nullopt;
        std::string data = live_json(live_cells(service.status(), clock_()));
        if (data == *last) return "";
        *last = data;
        return data;
    };
    return ready(std::move(response));
}

Render LeadRoutes::download(const Request& request, StudyService&) {
    if (!sessions_.is_signed_in(secret_of(request, kRole)))
        return refused(403, "Sign in first", "Your session has ended.");
    if (!exporter_) return refused(404, "There is no export", "Use 'bellwether rate export'.");
    return [exporter = exporter_] {
        Response response{.content_type = "application/jsonl; charset=utf-8", .body = exporter()};
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"ratings.jsonl\"");
        return response;
    };
}

}  // namespace harness::web
