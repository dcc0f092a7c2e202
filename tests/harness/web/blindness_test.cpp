#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <map>
#include <regex>
#include <set>

#include "tests/harness/web/site.hpp"

using namespace site;

namespace {

/// Everything that a rater's browser is sent.
class Recorder {
public:
    explicit Recorder(Browser browser) : browser_(std::move(browser)) {}

    Response get(const std::string& path) { return kept(browser_.get(path)); }
    Response post(const std::string& path, Fields fields = {}) { return kept(browser_.post(path, std::move(fields))); }
    std::string hidden(const std::string& name) const { return browser_.hidden(name); }
    const std::string& page() const { return browser_.page; }
    const std::string& all() const { return all_; }

private:
    Response kept(Response response) {
        all_ += response.body + "\n" + response.content_type + "\n";
        for (const auto& [name, value] : response.headers) all_ += name + ": " + value + "\n";
        return response;
    }

    Browser browser_;
    std::string all_;
};

/// Rates everything, and looks at every other page on the way.
std::string whole_study(Site& site) {
    Recorder recorder{Browser(site)};
    const std::string token = site.study.service().invite(1, "a friend of variant a").front().token;
    recorder.get("/");
    recorder.get("/join/" + token);
    recorder.post("/join", {{"token", token}});
    recorder.get("/lead");
    for (int i = 0; i < 200; ++i) {
        recorder.get(i % 3 == 0 ? "/rate?texts=as-written" : "/rate");
        const std::string item = recorder.hidden("item");
        if (recorder.page().find("Thank you") != std::string::npos) break;
        site.study.pass(3000);
        recorder.post("/rate/draft", {{"item", item}, {"value", "3"}});
        recorder.post("/rate/renew", {{"item", item}});
        if (i % 7 == 3) {
            recorder.post("/rate/skip", {{"item", item}, {"reason", "broken"}});
            continue;
        }
        if (i % 5 == 2) recorder.post("/rate/submit", {{"item", item}});  // incomplete
        recorder.get("/rate");
        recorder.post("/rate/submit", {{"item", item}, {"value", std::to_string(1 + i % 7)}});
        recorder.get("/rate/history");
        recorder.get("/rate/item/" + item);
        if (i % 11 == 5) recorder.post("/rate/undo");
    }
    recorder.get("/rate");
    recorder.post("/rate/leave");
    return recorder.all();
}

/// The page with its ids, tokens and texts taken out.
std::string frame_of(const std::string& page) {
    static const std::regex kOwn("[0-9a-f]{32,64}|[ab] of [0-9]+|prompt [0-9]+");
    return std::regex_replace(page, kOwn, "*");
}

/// The same without what belongs to the place in the rater's order: progress, undo and the list of answers.
std::string frame_without_place(const std::string& page) {
    static const std::regex kPlace(
        "<progress.*?</p>|<form id=\"undo\".*?</form>|<a class=\"button\" href=\"/rate/history\">.*?</a>");
    return std::regex_replace(frame_of(page), kPlace, "");
}

/// Two classes, features as words.
class NaiveBayes {
public:
    void learn(const std::vector<std::string>& features, bool label) {
        ++seen_.at(label);
        for (const std::string& feature : features) ++counts_.at(label)[feature];
    }
    bool guess(const std::vector<std::string>& features) const {
        double difference = std::log(seen_[1] + 1.0) - std::log(seen_[0] + 1.0);
        for (const std::string& feature : features) difference += share(1, feature) - share(0, feature);
        return difference > 0;
    }

private:
    double share(std::size_t label, const std::string& feature) const {
        const auto found = counts_.at(label).find(feature);
        return std::log((found == counts_.at(label).end() ? 0.0 : found->second) + 1.0) -
               std::log(seen_.at(label) + 2.0);
    }

    std::array<double, 2> seen_ = {};
    std::array<std::map<std::string, double>, 2> counts_;
};

/// Each digit of the item's id, the size of the page without its texts, and the place in the rater's order.
std::vector<std::string> features_of(const Browser& browser, std::size_t place) {
    std::vector<std::string> features;
    const std::string id = browser.hidden("item");
    for (std::size_t i = 0; i < id.size(); ++i) features.push_back("id " + std::to_string(i) + id[i]);
    features.push_back("size " + std::to_string(frame_of(browser.page).size()));
    for (const std::size_t period : {2, 3, 4})
        features.push_back("place " + std::to_string(period) + " " + std::to_string(place % period));
    return features;
}

}  // namespace

TEST_SUITE("harness.web") {
    TEST_CASE("nothing that a rater is sent over a whole study names who wrote an answer") {
        Site site(small_study::pairwise(), 30, {.limits = {.address = {}, .session = {}, .sign_in = {}}});
        const std::string sent = whole_study(site);
        CHECK(sent.size() > 100000);
        CHECK(site.study.service().status().counted > 20);
        for (const char* secret : {"variant", "plan-a", "plan-b", "helpfulness", "small", "sqlite", "gguf", "gold",
                                   "attention", "a friend of"}) {
            CAPTURE(secret);
            CHECK(sent.find(secret) == std::string::npos);
        }
    }

    TEST_CASE("ids of an item differ between raters") {
        Site site(small_study::pairwise(3), 1);
        std::set<std::string> ids;
        for (int i = 0; i < 3; ++i) ids.insert(Browser::of_new_rater(site).hidden("item"));
        CHECK(ids.size() == 3);
    }

    TEST_CASE("pages of swapped variants differ in the texts only") {
        Site site(small_study::pairwise(), 1);
        std::map<std::string, int> frames;
        std::map<bool, int> sides;
        for (int i = 0; i < 3; ++i) {
            Browser browser = Browser::of_new_rater(site);
            ++frames[frame_of(browser.page)];
            ++sides[browser.page.find("a of 0") < browser.page.find("b of 0")];
        }
        CHECK(frames.size() == 1);
        CHECK(sides.size() == 2);
    }

    TEST_CASE("what is on a page beside the texts does not predict who wrote the left answer") {
        constexpr std::size_t kItems = 2000;
        constexpr std::size_t kTrained = kItems / 2;
        Site site(small_study::pairwise(1), kItems, {.limits = {.address = {}, .session = {}, .sign_in = {}}});
        Browser browser = Browser::of_new_rater(site);
        NaiveBayes classifier;
        std::size_t hits = 0;
        for (std::size_t i = 0; i < kItems; ++i) {
            const std::string answers = between(browser.page, "class=\"answers", "</form>");
            const bool is_first_left = answers.find("a of ") < answers.find("b of ");
            const std::vector<std::string> features = features_of(browser, i);
            if (i < kTrained)
                classifier.learn(features, is_first_left);
            else
                hits += classifier.guess(features) == is_first_left ? 1 : 0;
            browser.post("/rate/submit", {{"item", browser.hidden("item")}, {"value", "4"}});
            browser.get("/rate");
        }
        // Five standard errors of 1,000 tosses of a coin: fails by chance once in two million runs.
        CHECK(hits > 500 - 79);
        CHECK(hits < 500 + 79);
    }

    TEST_CASE("items of checks look like the others") {
        auto definition = small_study::pairwise();
        definition.check_every = 2;
        definition.gold = {{.turns = {{"user", "prompt 7"}}, .answers = {"a of 7", "b of 7"}, .right = {1, 2}}};
        definition.attention = {{.turns = {{"user", "prompt 8"}}, .answers = {"a of 8", "b of 8"}, .right = {1, 1}}};
        Site site(definition, 6);
        Browser browser = Browser::of_new_rater(site);
        std::set<std::string> frames;
        while (!browser.hidden("item").empty()) {
            frames.insert(frame_without_place(browser.page));
            browser.post("/rate/submit", {{"item", browser.hidden("item")}, {"value", "1"}});
            browser.get("/rate");
        }
        CHECK(frames.size() == 1);
        CHECK(site.study.service().status().raters.front().gold == 1);
        CHECK(site.study.service().status().raters.front().attention == 1);
    }

    TEST_CASE("a hostile text stays within its place on the page") {
        Site site(small_study::pairwise(), 1);
        for (const char* hostile :
             {"</div></section></main><script>alert(1)</script>", "{{csrf}}{{{main}}}", "\"><img src=x onerror=y>"}) {
            auto definition = small_study::pairwise();
            definition.name = "hostile";
            definition.practice = {
                {.turns = {{"user", hostile}}, .answers = {hostile, hostile}, .right = {1, 2}, .feedback = hostile}};
            Site other(definition, 1);
            Browser browser = Browser::of_new_rater(other);
            CAPTURE(browser.page);
            CHECK(browser.page.find("<script>") == std::string::npos);
            CHECK(browser.page.find("<img") == std::string::npos);
            CHECK(browser.page.find("Practice, 0 more after this.") != std::string::npos);
            const Response feedback =
                browser.post("/rate/submit", {{"item", browser.hidden("item")}, {"value", "1"}, {"note", hostile}});
            CHECK(feedback.status == 200);
            CHECK(feedback.body.find("id=\"go-on\"") != std::string::npos);
            CHECK(feedback.body.find("<script>") == std::string::npos);
            CHECK(feedback.body.find("<img") == std::string::npos);
        }
    }
}
