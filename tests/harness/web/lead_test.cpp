#include <doctest/doctest.h>

#include "harness/base/base64.hpp"
#include "tests/harness/web/site.hpp"

using namespace site;

namespace {

std::string rater_id(Site& site, std::size_t number) {
    return site.study.service().status().raters.at(number).rater.id;
}

}  // namespace

TEST_SUITE("harness.web") {
    TEST_CASE("the lead signs in with the passphrase only") {
        Site site;
        Browser browser(site);
        CHECK(browser.get("/lead").body.find("Passphrase") != std::string::npos);
        CHECK(browser.post("/lead/sign-in", {{"passphrase", "wrong"}}).status == 403);
        CHECK(browser.cookies.empty());
        CHECK(browser.post("/lead/sign-in", {{"passphrase", kPassphrase}}).status == 303);
        CHECK(browser.get("/lead").body.find("Study small") != std::string::npos);
    }

    TEST_CASE("an Argon2id hash does for the passphrase") {
        // By the program argon2 of Debian: printf 'correct horse battery' | argon2 saltsaltsalt -id -e
        Site site(small_study::pairwise(), 3,
                  {.passphrase =
                       "$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0$jQ2VlQb6vmVzlZCNvmoZhH3Ajx2M9vYLSG68Td5Rr5E"});
        CHECK(Browser(site).post("/lead/sign-in", {{"passphrase", kPassphrase}}).status == 303);
        CHECK(Browser(site).post("/lead/sign-in", {{"passphrase", "$argon2id$"}}).status == 403);
    }

    TEST_CASE("passphrases that are too short and damaged hashes are refused at the start") {
        for (const char* bad : {"short", "$argon2id$v=19$m=4096"})
            CHECK_THROWS(Site(small_study::pairwise(), 3, {.passphrase = bad}));
    }

    TEST_CASE("guessing passphrases is slowed down") {
        Site site;
        Browser browser(site);
        for (int i = 0; i < 5; ++i) browser.post("/lead/sign-in", {{"passphrase", "wrong"}});
        CHECK(browser.post("/lead/sign-in", {{"passphrase", kPassphrase}}).status == 429);
        site.now += std::chrono::seconds(11);
        CHECK(browser.post("/lead/sign-in", {{"passphrase", kPassphrase}}).status == 303);
    }

    TEST_CASE("raters and strangers reach nothing of the lead") {
        Site site;
        Browser rater = Browser::of_new_rater(site);
        Browser stranger(site);
        for (Browser* browser : {&rater, &stranger}) {
            for (const char* path : {"/lead/events", "/lead/export"}) CHECK(browser->get(path).status == 403);
            for (const char* path : {"/lead/state", "/lead/invite", "/lead/rater", "/lead/sign-out"})
                CHECK(browser->post(path, {{"action", "pause"}, {"count", "1"}}).status == 403);
            CHECK(browser->get("/lead").body.find("Study small") == std::string::npos);
            CHECK(browser->get("/metrics").status == 401);
        }
        CHECK(site.study.row().state == "open");
    }

    TEST_CASE("the lead's cookie opens no rater's page and the other way round") {
        Site site;
        Browser lead = Browser::of_lead(site);
        Browser rater = Browser::of_new_rater(site);
        lead.cookies["rater"] = lead.cookies.at("lead");
        rater.cookies["lead"] = rater.cookies.at("rater");
        CHECK(lead.get("/rate").status == 403);
        CHECK(rater.get("/lead/events").status == 403);
    }

    TEST_CASE("the lead's forms need their CSRF token") {
        Site site;
        Browser lead = Browser::of_lead(site);
        CHECK(lead.post("/lead/state", {{"action", "close"}, {"csrf", std::string(64, '0')}}).status == 403);
        CHECK(site.study.row().state == "open");
    }

    TEST_CASE("pausing and resuming and closing change the study") {
        Site site;
        Browser lead = Browser::of_lead(site);
        for (const auto& [action, state] : {std::pair{"pause", "paused"}, {"resume", "open"}, {"close", "closed"}}) {
            CHECK(lead.post("/lead/state", {{"action", action}, {"note", "why"}}).status == 303);
            CHECK(site.study.row().state == state);
        }
        CHECK(lead.post("/lead/state", {{"action", "explode"}}).status == 422);
    }

    TEST_CASE("new links work and are shown once") {
        Site site;
        Browser lead = Browser::of_lead(site);
        const std::string page = lead.post("/lead/invite", {{"count", "2"}, {"note", "second shift"}}).body;
        const std::string token = between(page, "http://rate.example/join#", "<");
        CHECK(token.size() == 64);
        CHECK(Browser(site).post("/join", {{"token", token}}).status == 303);
        lead.get("/lead");
        CHECK(lead.page.find("second shift") != std::string::npos);
        CHECK(lead.page.find(token) == std::string::npos);
        for (const char* bad : {"0", "201", "-1", "many"})
            CHECK(lead.post("/lead/invite", {{"count", bad}}).status == 422);
    }

    TEST_CASE("a rater is excluded with a reason and included again") {
        Site site;
        Browser rater = Browser::of_new_rater(site);
        Browser lead = Browser::of_lead(site);
        const std::string id = rater_id(site, 0);
        CHECK(lead.post("/lead/rater", {{"rater", id}, {"action", "exclude"}}).status == 422);
        lead.get("/lead");
        CHECK(lead.post("/lead/rater", {{"rater", id}, {"action", "exclude"}, {"reason", "clicks <fast>"}}).status ==
              303);
        CHECK(rater.get("/rate").body.find("nothing more for you") != std::string::npos);
        CHECK(lead.get("/lead").body.find("clicks &lt;fast&gt;") != std::string::npos);
        CHECK(lead.post("/lead/rater", {{"rater", id}, {"action", "include"}, {"reason", "explained"}}).status == 303);
        rater.get("/rate");
        CHECK(rater.hidden("item").size() == 32);
        lead.get("/lead");
        CHECK(lead.post("/lead/rater", {{"rater", "nobody"}, {"action", "exclude"}, {"reason", "x"}}).status == 404);
    }

    TEST_CASE("a new link of a rater opens the same work") {
        Site site;
        Browser rater = Browser::of_new_rater(site);
        Browser lead = Browser::of_lead(site);
        const std::string page = lead.post("/lead/rater", {{"rater", rater_id(site, 0)}, {"action", "link"}}).body;
        Browser phone(site);
        phone.post("/join", {{"token", between(page, "/join#", "<")}});
        phone.get("/rate");
        CHECK(phone.hidden("item") == rater.hidden("item"));
    }

    TEST_CASE("events tell what changed and end with the lead's session") {
        Site site;
        Browser rater = Browser::of_new_rater(site);
        Browser lead = Browser::of_lead(site);
        const Response stream = lead.get("/lead/events");
        REQUIRE(stream.events);
        CHECK(stream.events(site.study.service())->find(R"js("counted":"0 of 15 (0%)")js") != std::string::npos);
        CHECK(stream.events(site.study.service()) == "");
        rater.post("/rate/submit", {{"item", rater.hidden("item")}, {"value", "1"}});
        CHECK(stream.events(site.study.service())->find(R"js("counted":"1 of 15 (7%)")js") != std::string::npos);
        lead.post("/lead/sign-out");
        CHECK_FALSE(stream.events(site.study.service()));
    }

    TEST_CASE("the lead sees how far each rater agrees with the others") {
        Site site(small_study::pairwise(), 1);
        for (int rater = 0; rater < 3; ++rater) {
            Browser browser = Browser::of_new_rater(site);
            browser.post("/rate/submit", {{"item", browser.hidden("item")}, {"value", rater == 2 ? "1" : "4"}});
        }
        const Browser lead = Browser::of_lead(site);
        // The first two have others who disagree with each other; both others of the third say tie.
        CHECK(lead.page.find("data-live=\"r0-agreement\">\u2013</td>") != std::string::npos);
        CHECK(lead.page.find("data-live=\"r2-agreement\">0 of 1 (0%)</td>") != std::string::npos);
        CHECK(lead.page.find("data-live=\"agreement\">0 of 1 (0%)</dd>") != std::string::npos);
    }

    TEST_CASE("the export is for the lead and as it was made") {
        Site site(small_study::pairwise(), 3, {.exporter = [] { return std::string("{}\n"); }});
        Browser lead = Browser::of_lead(site);
        CHECK(lead.page.find("/lead/export") != std::string::npos);
        const Response file = lead.get("/lead/export");
        CHECK(file.body == "{}\n");
        CHECK(header(file, "Content-Disposition") == "attachment; filename=\"ratings.jsonl\"");
    }

    TEST_CASE("metrics are for the lead and for programs with the passphrase") {
        Site site;
        Browser lead = Browser::of_lead(site);
        CHECK(lead.get("/metrics").status == 200);
        Browser program(site);
        Request request{.method = Method::Get, .path = "/metrics"};
        request.authorization = "Basic " + harness::base::to_base64("lead:" + kPassphrase);
        site.app.metrics().add_request("/rate", 200, std::chrono::milliseconds(3));
        const Response response = program.go(request);
        CHECK(response.status == 200);
        CHECK(response.body.find("bellwether_http_requests_total{route=\"/rate\",status=\"200\"} 1\n") !=
              std::string::npos);
        CHECK(response.body.find("bellwether_http_request_seconds_bucket{route=\"/rate\",le=\"0.005\"} 1\n") !=
              std::string::npos);
        request.authorization = "Basic " + harness::base::to_base64("lead:wrong passphrase");
        CHECK(program.go(request).status == 401);
    }
}
