#include <doctest/doctest.h>

#include "tests/harness/web/site.hpp"

using namespace site;

namespace {

harness::study::Definition preference() {
    auto definition = small_study::pairwise();
    definition.protocol = harness::study::Protocol::Preference;
    return definition;
}

/// Submits the item of the last page with a value; the seconds are measured ones.
Response submit(Browser& browser, const std::string& value, Fields more = {}) {
    Fields fields = {{"item", browser.hidden("item")}, {"value", value}, {"seconds", "1"}, {"measured", "1"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return browser.post("/rate/submit", fields);
}

std::size_t counted(Site& site) {
    return site.study.service().status().counted;
}

}  // namespace

TEST_SUITE("harness.web") {
    TEST_CASE("a link's page has a button and does not use up the link") {
        Site site;
        const std::string token = site.study.service().invite(1, "").front().token;
        Browser preview(site);
        for (int i = 0; i < 3; ++i) CHECK(preview.get("/join/" + token).status == 200);
        CHECK(preview.hidden("token") == token);
        Browser browser(site);
        const Response response = browser.post("/join", {{"token", token}});
        CHECK(response.status == 303);
        CHECK(header(response, "Location") == "/rate");
    }

    TEST_CASE("the session's cookie is for this site only and unreadable for scripts") {
        Site site;
        Browser browser(site);
        const Response response = browser.post(
            "/join", {{"token", "https://rate.example/join#" + site.study.service().invite(1, "").front().token}});
        const std::string cookie = header(response, "Set-Cookie");
        CHECK(cookie.starts_with("rater="));
        for (const char* attribute : {"; HttpOnly", "; SameSite=Strict", "; Path=/"})
            CHECK(cookie.find(attribute) != std::string::npos);
        CHECK(cookie.find("Secure") == std::string::npos);
    }

    TEST_CASE("over TLS the cookie is Secure and bound to the host") {
        Site site;
        Browser browser(site);
        const Response response =
            browser.go({.method = Method::Post,
                        .path = "/join",
                        .body = form_of({{"token", site.study.service().invite(1, "").front().token}}),
                        .content_type = "application/x-www-form-urlencoded",
                        .is_secure = true});
        CHECK(header(response, "Set-Cookie").starts_with("__Host-rater="));
        CHECK(header(response, "Set-Cookie").find("; Secure") != std::string::npos);
    }

    TEST_CASE("a token works once") {
        Site site;
        const std::string token = site.study.service().invite(1, "").front().token;
        Browser first(site);
        Browser second(site);
        CHECK(first.post("/join", {{"token", token}}).status == 303);
        CHECK(second.post("/join", {{"token", token}}).status == 403);
        CHECK(second.cookies.empty());
    }

    TEST_CASE("forged tokens and those of another study open no session") {
        Site site;
        Site other;
        const std::string foreign = other.study.service().invite(1, "").front().token;
        for (const std::string& token :
             {foreign, std::string(64, '0'), std::string(64, 'F'), std::string(), std::string("x'--")}) {
            CAPTURE(token);
            CHECK(Browser(site).post("/join", {{"token", token}}).status == 403);
        }
    }

    TEST_CASE("nothing is shown or stored without a session") {
        Site site;
        const Browser rater = Browser::of_new_rater(site);
        Browser stranger(site);
        for (const char* path : {"/rate", "/rate/history"}) CHECK(stranger.get(path).status == 403);
        CHECK(stranger.get("/rate/item/" + rater.hidden("item")).status == 403);
        for (const char* path :
             {"/rate/submit", "/rate/draft", "/rate/skip", "/rate/undo", "/rate/renew", "/rate/leave"}) {
            CAPTURE(path);
            CHECK(stranger.post(path, {{"item", rater.hidden("item")}, {"value", "1"}, {"csrf", rater.hidden("csrf")}})
                      .status == 403);
        }
        CHECK(counted(site) == 0);
    }

    TEST_CASE("a session of another study is none here") {
        Site site;
        Site other;
        Browser browser = Browser::of_new_rater(other);
        Browser here(site);
        here.cookies = browser.cookies;
        CHECK(here.get("/rate").status == 403);
    }

    TEST_CASE("a rating needs the session's own CSRF token") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const Browser other = Browser::of_new_rater(site);
        const std::string item = browser.hidden("item");
        for (const std::string& csrf : {std::string(), std::string(64, 'a'), other.hidden("csrf")}) {
            CHECK(browser.post("/rate/submit", {{"item", item}, {"value", "1"}, {"csrf", csrf}}).status == 403);
        }
        CHECK(counted(site) == 0);
    }

    TEST_CASE("a form that another site sends is refused") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        Request request{
            .method = Method::Post,
            .path = "/rate/submit",
            .body = form_of({{"item", browser.hidden("item")}, {"value", "1"}, {"csrf", browser.hidden("csrf")}}),
            .content_type = "application/x-www-form-urlencoded"};
        request.fetch_site = "cross-site";
        CHECK(browser.go(request).status == 403);
        request.fetch_site = "";
        request.origin = "https://evil.example";
        CHECK(browser.go(request).status == 403);
        request.origin = "http://rate.example";
        CHECK(browser.go(request).status == 303);
    }

    TEST_CASE("another rater's item cannot be rated or seen") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        Browser other = Browser::of_new_rater(site);
        const std::string theirs = other.hidden("item");
        CHECK(theirs != browser.hidden("item"));
        CHECK(browser.post("/rate/submit", {{"item", theirs}, {"value", "1"}}).status == 409);
        browser.get("/rate");
        CHECK(browser.post("/rate/draft", {{"item", theirs}, {"value", "1"}}).status == 409);
        CHECK(browser.post("/rate/skip", {{"item", theirs}, {"reason", "other"}}).status == 409);
        submit(other, "2");
        CHECK(browser.get("/rate/item/" + theirs).status == 404);
        CHECK(counted(site) == 1);
    }

    TEST_CASE("a submission goes on to the next item") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const std::string first = browser.hidden("item");
        const Response response = submit(browser, "3");
        CHECK(response.status == 303);
        browser.get("/rate");
        CHECK(browser.hidden("item") != first);
        CHECK(browser.page.find("1 of 5") != std::string::npos);
        CHECK(counted(site) == 1);
    }

    TEST_CASE("a submission without a choice says what is missing and keeps the rest") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const std::string item = browser.hidden("item");
        const Response response = submit(browser, "", {{"both_bad", "yes"}, {"note", "a note <b>"}});
        CHECK(response.status == 422);
        CHECK(response.body.find("Please choose one of the 7 points.") != std::string::npos);
        CHECK(browser.hidden("item") == item);
        CHECK(response.body.find("a note &lt;b&gt;</textarea>") != std::string::npos);
        CHECK(response.body.find("name=\"both_bad\" value=\"yes\" checked") != std::string::npos);
        CHECK(counted(site) == 0);
    }

    TEST_CASE("a draft comes back after a reload") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        CHECK(browser
                  .post("/rate/draft",
                        {{"item", browser.hidden("item")}, {"value", "6"}, {"seconds", "4.5"}, {"measured", "1"}})
                  .status == 204);
        browser.get("/rate");
        CHECK(browser.page.find("value=\"6\" required checked") != std::string::npos);
        CHECK(browser.hidden("seconds") == "4.5");
        CHECK(counted(site) == 0);
    }

    TEST_CASE("undo brings the last item back with its choice") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const std::string item = browser.hidden("item");
        submit(browser, "5");
        browser.get("/rate");
        CHECK(browser.page.find("action=\"/rate/undo\"") != std::string::npos);
        browser.post("/rate/undo");
        browser.get("/rate");
        CHECK(browser.hidden("item") == item);
        CHECK(browser.page.find("value=\"5\" required checked") != std::string::npos);
        CHECK(counted(site) == 0);
    }

    TEST_CASE("an answer of this session can be changed from the list") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const std::string item = browser.hidden("item");
        submit(browser, "5");
        browser.get("/rate/history");
        CHECK(browser.page.find("/rate/item/" + item) != std::string::npos);
        CHECK(browser.get("/rate/item/" + item).status == 200);
        CHECK(browser.hidden("item") == item);
        CHECK(submit(browser, "2").status == 303);
        browser.get("/rate/item/" + item);
        CHECK(browser.page.find("value=\"2\" required checked") != std::string::npos);
        CHECK(counted(site) == 1);
    }

    TEST_CASE("a skip needs a reason") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const std::string item = browser.hidden("item");
        CHECK(browser.post("/rate/skip", {{"item", item}}).status == 422);
        CHECK(browser.post("/rate/skip", {{"item", item}, {"reason", "no such reason"}}).status == 409);
        browser.get("/rate");
        CHECK(browser.post("/rate/skip", {{"item", item}, {"reason", "offensive"}}).status == 303);
        browser.get("/rate");
        CHECK(browser.hidden("item") != item);
        CHECK(site.study.service().status().skips.at("offensive") == 1);
    }

    TEST_CASE("without a script the time since the page was opened counts") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        site.study.pass(42'000);
        browser.post("/rate/submit", {{"item", browser.hidden("item")},
                                      {"value", "3"},
                                      {"seconds", "0.0"},
                                      {"opened", browser.hidden("opened")}});
        CHECK(site.study.service().status().raters.front().median_seconds == doctest::Approx(42));
    }

    TEST_CASE("a preference asks of each answer whether it is safe") {
        Site site(preference());
        Browser browser = Browser::of_new_rater(site);
        CHECK(submit(browser, "8", {{"left_safe", "yes"}}).status == 422);
        CHECK(submit(browser, "8", {{"left_safe", "yes"}, {"right_safe", "no"}}).status == 303);
        CHECK(counted(site) == 1);
    }

    TEST_CASE("every state of the study has its page") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        site.study.service().pause("");
        CHECK(browser.get("/rate").body.find("Paused") != std::string::npos);
        CHECK(submit(browser, "1").status == 409);
        site.study.service().resume("");
        for (int i = 0; i < 5; ++i) {
            browser.get("/rate");
            CHECK(submit(browser, "4").status == 303);
        }
        CHECK(browser.get("/rate").body.find("Thank you") != std::string::npos);
        site.study.service().close("");
        CHECK(browser.get("/rate").body.find("The study is over") != std::string::npos);
    }

    TEST_CASE("an answer after the lease has run out is stored") {
        Site site(small_study::pairwise(1), 1);
        Browser slow = Browser::of_new_rater(site);
        site.study.pass(31 * small_study::kMinute);
        Browser other = Browser::of_new_rater(site);
        CHECK(submit(other, "2").status == 303);
        CHECK(submit(slow, "6").status == 303);
        CHECK(counted(site) == 1);
        CHECK(site.study.service().status().extra == 1);
    }

    TEST_CASE("signing out ends the session for good") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        const auto cookies = browser.cookies;
        CHECK(browser.post("/rate/leave").status == 200);
        browser.cookies = cookies;
        CHECK(browser.get("/rate").status == 403);
    }
}
