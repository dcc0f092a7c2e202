#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/web/app.hpp"
#include "tests/harness/study/small_study.hpp"
#include "tests/harness/web/page_texts.hpp"

/// The rating site without a network, and browsers that keep cookies.
namespace site {

using harness::web::Method;
using harness::web::Request;
using harness::web::Response;

inline const std::string kPassphrase = "correct horse battery";

class Site {
public:
    explicit Site(const harness::study::Definition& definition = small_study::pairwise(), std::size_t prompts = 5,
                  harness::web::AppOptions options = {})
        : study(definition, prompts), app(with_defaults(std::move(options))) {}
    Site(const harness::study::Definition& definition, std::vector<harness::study::SourcePrompt> prompts,
         harness::web::AppOptions options = {})
        : study(definition, std::move(prompts)), app(with_defaults(std::move(options))) {}

    Response answer(const Request& request) {
        const harness::web::Work work = app.work(request, now);
        Response response = work.at_study ? work.at_study(study.service())() : work.elsewhere();
        harness::web::App::add_headers(response);
        return response;
    }

    small_study::Study study;
    harness::web::App app;
    std::chrono::steady_clock::time_point now = {};

private:
    harness::web::AppOptions with_defaults(harness::web::AppOptions options) {
        if (options.passphrase.empty()) options.passphrase = kPassphrase;
        options.clock = [this] { return study.now(); };
        return options;
    }
};

class Browser {
public:
    explicit Browser(Site& site) : site_(site) {}

    Response get(const std::string& path) { return go({.method = Method::Get, .path = path}); }
    /// With the CSRF token that the pages had, unless the fields have one.
    Response post(const std::string& path, Fields fields = {}) {
        const bool has_token =
            std::any_of(fields.begin(), fields.end(), [](const auto& field) { return field.first == "csrf"; });
        if (!has_token && !csrf.empty()) fields.emplace_back("csrf", csrf);
        return go({.method = Method::Post,
                   .path = path,
                   .body = form_of(fields),
                   .content_type = "application/x-www-form-urlencoded"});
    }
    Response go(Request request) {
        const std::size_t mark = request.path.find('?');
        if (mark != std::string::npos) {
            request.query = request.path.substr(mark + 1);
            request.path.erase(mark);
        }
        request.host = "rate.example";
        request.address = "192.0.2.1";
        for (const auto& [name, value] : cookies)
            request.cookie.append(request.cookie.empty() ? "" : "; ").append(name).append("=").append(value);
        Response response = site_.answer(request);
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            const std::size_t equals = value.find('=');
            cookies[value.substr(0, equals)] = value.substr(equals + 1, value.find(';') - equals - 1);
        }
        if (!response.body.empty()) page = response.body;
        if (!hidden("csrf").empty()) csrf = hidden("csrf");
        return response;
    }
    /// The value of a hidden field of the last page.
    std::string hidden(const std::string& name) const { return between(page, "name=\"" + name + "\" value=\"", "\""); }

    /// A new rater with a session, at their first item.
    static Browser of_new_rater(Site& site) {
        Browser browser(site);
        browser.post("/join", {{"token", site.study.service().invite(1, "").front().token}});
        browser.get("/rate");
        return browser;
    }
    static Browser of_lead(Site& site) {
        Browser browser(site);
        browser.post("/lead/sign-in", {{"passphrase", kPassphrase}});
        browser.get("/lead");
        return browser;
    }

    std::map<std::string, std::string> cookies;
    std::string page;
    std::string csrf;

private:
    Site& site_;
};

inline std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

}  // namespace site
