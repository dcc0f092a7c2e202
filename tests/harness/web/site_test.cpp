#include <doctest/doctest.h>

#include <regex>

#include "tests/harness/web/site.hpp"

using namespace site;

TEST_SUITE("harness.web") {
    TEST_CASE("every response forbids scripts of others and framing and caching") {
        Site site;
        Browser browser(site);
        for (const char* path : {"/", "/join", "/rate", "/lead", "/no-such-page", "/healthz", "/metrics"}) {
            CAPTURE(path);
            const Response response = browser.get(path);
            const std::string policy = header(response, "Content-Security-Policy");
            CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
            CHECK(policy.find("unsafe") == std::string::npos);
            CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
            CHECK(header(response, "X-Content-Type-Options") == "nosniff");
            CHECK(header(response, "Referrer-Policy") == "no-referrer");
            CHECK(header(response, "Cache-Control") == "no-store");
        }
    }

    TEST_CASE("pages have no script or style or handler of their own") {
        Site site;
        Browser rater = Browser::of_new_rater(site);
        Browser lead = Browser::of_lead(site);
        for (const std::string& page : {rater.page, lead.page}) {
            CHECK(page.find("<style") == std::string::npos);
            CHECK(page.find(" style=") == std::string::npos);
            CHECK_FALSE(std::regex_search(page, std::regex(" on[a-z]+=")));
            CHECK(between(page, "<script", ">").starts_with(" src=\"/assets/"));
            CHECK(between(page, "<script", "</script").ends_with("defer>"));
        }
    }

    TEST_CASE("an asset is cached for ever under a name that changes with it") {
        Site site;
        Browser browser(site);
        const std::string path = between(browser.get("/join").body, "<link rel=\"stylesheet\" href=\"", "\"");
        const Response asset = browser.get(path);
        CHECK(asset.status == 200);
        CHECK(asset.content_type == "text/css; charset=utf-8");
        CHECK(header(asset, "Cache-Control").find("immutable") != std::string::npos);
    }

    TEST_CASE("paths that lead elsewhere lead nowhere") {
        Site site;
        Browser browser(site);
        for (const char* path :
             {"/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/../etc/passwd", "//etc/passwd",
              "/assets/", "/assets//style.css", "/rate/../lead", "/rate/item/../../lead", "/rate/item/", "/RATE",
              "/lead/", "/join/a/b", "/rate/item/a/b", "/assets/0000000000000000/style.css"}) {
            CAPTURE(path);
            const unsigned status = browser.get(path).status;
            CHECK((status == 404 || status == 403));
        }
    }

    TEST_CASE("a path with the wrong method says which it takes") {
        Site site;
        Browser browser(site);
        CHECK(browser.get("/rate/submit").status == 405);
        CHECK(header(browser.get("/rate/submit"), "Allow") == "POST");
        CHECK(browser.post("/rate").status == 405);
        CHECK(header(browser.post("/rate"), "Allow") == "GET, HEAD");
    }

    TEST_CASE("only forms are taken") {
        Site site;
        Browser browser = Browser::of_new_rater(site);
        Request request{.method = Method::Post,
                        .path = "/rate/submit",
                        .body = "{\"value\":1}",
                        .content_type = "application/json"};
        CHECK(browser.go(request).status == 415);
        request.content_type = "text/plain";
        CHECK(browser.go(request).status == 415);
    }

    TEST_CASE("an address that asks too often waits and others do not") {
        Site site(small_study::pairwise(), 3, {.limits = {.address = {.per_second = 1, .burst = 3}}});
        Request request{.method = Method::Get, .path = "/healthz"};
        request.address = "192.0.2.1";
        for (int i = 0; i < 3; ++i) CHECK(site.answer(request).status == 200);
        const Response limited = site.answer(request);
        CHECK(limited.status == 429);
        CHECK(header(limited, "Retry-After") == "5");
        request.address = "192.0.2.2";
        CHECK(site.answer(request).status == 200);
        request.address = "192.0.2.1";
        site.now += std::chrono::seconds(1);
        CHECK(site.answer(request).status == 200);
        CHECK(site.answer(request).status == 429);
    }

    TEST_CASE("a session that asks too often waits wherever it comes from") {
        Site site(small_study::pairwise(), 3, {.limits = {.session = {.per_second = 1, .burst = 4}}});
        Browser browser = Browser::of_new_rater(site);
        unsigned last = 0;
        for (int i = 0; i < 5; ++i) last = browser.get("/rate").status;
        CHECK(last == 429);
        CHECK(Browser::of_new_rater(site).get("/rate").status == 200);
    }
}
