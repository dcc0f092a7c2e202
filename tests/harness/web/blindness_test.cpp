#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "tests/harness/web/recorder.hpp"

using namespace site;

namespace {

/// The page with its ids, tokens and texts taken out.
std::string frame_of(const std::string& page) {
    return without_ids(without_texts(page));
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

/// Everything of a response but its texts: each digit of the item's id, the size, the place in the rater's order, the
/// headers, and how often each word stands on the page.
std::vector<std::string> features_of(const Response& response, const std::string& id, std::size_t place) {
    std::vector<std::string> features;
    for (std::size_t i = 0; i < id.size(); ++i) features.push_back("id " + std::to_string(i) + id[i]);
    const std::string frame = frame_of(response.body);
    features.push_back("size " + std::to_string(frame.size()));
    for (const std::size_t period : {2, 3, 4, 8})
        features.push_back("place " + std::to_string(period) + " " + std::to_string(place % period));
    for (const auto& [name, value] : response.headers) features.push_back(fmt::format("{}: {}", name, value));
    std::map<std::string, int> words;
    std::istringstream text(frame);
    for (std::string word; text >> word;) ++words[word];
    for (const auto& [word, times] : words) features.push_back(word + " " + std::to_string(times));
    return features;
}

/// A page as a classifier sees it, and what it is to find out.
struct Sample {
    std::vector<std::string> features;
    bool is_first_left = false;
};

/// How many of the samples a classifier finds that learned from the other half of them.
std::size_t hits_of(const std::vector<Sample>& samples) {
    std::size_t hits = 0;
    for (const std::size_t half : {0, 1}) {
        NaiveBayes classifier;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (i % 2 == half) classifier.learn(samples[i].features, samples[i].is_first_left);
        }
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (i % 2 != half && classifier.guess(samples[i].features) == samples[i].is_first_left) ++hits;
        }
    }
    return hits;
}

/// What a rater is sent of each item, over `items` of them.
std::vector<Sample> samples_of(std::size_t items) {
    Site site(small_study::pairwise(1), items, unlimited());
    Browser browser = Browser::of_new_rater(site);
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < items; ++i) {
        const Response response = browser.get("/rate");
        const std::string answers = between(response.body, "class=\"answers", "</form>");
        const std::string id = browser.hidden("item");
        samples.push_back({features_of(response, id, i), answers.find("a of ") < answers.find("b of ")});
        browser.post("/rate/submit", {{"item", id}, {"value", "4"}});
    }
    return samples;
}

}  // namespace

TEST_SUITE("harness.web") {
    TEST_CASE("nothing that a rater is sent over a whole study names who wrote an answer") {
        Site site(small_study::pairwise(), 30, unlimited());
        const Recorder recorder = whole_study(site);
        CHECK(recorder.assets().size() >= 4);  // style, icon, two scripts
        CHECK(site.study.service().status().counted > 20);
        std::size_t size = 0;
        for (const std::string& sent : recorder.responses()) {
            size += sent.size();
            for (const char* secret : {"variant", "plan-a", "plan-b", "helpfulness", "small", "sqlite", "gguf", "gold",
                                       "attention", "a friend of"}) {
                CAPTURE(secret);
                CHECK(sent.find(secret) == std::string::npos);
            }
        }
        CHECK(size > 100000);
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

    TEST_CASE("what a rater is sent beside the texts does not predict who wrote the left answer") {
        std::vector<Sample> samples = samples_of(2000);
        const std::size_t hits = hits_of(samples);
        // The interval of five standard errors covers a half: fails by chance once in two million runs.
        CHECK(hits > 1000 - 112);
        CHECK(hits < 1000 + 112);
        // The same classifier finds a leak that one page in three has.
        for (std::size_t i = 0; i < samples.size(); i += 3)
            samples[i].features[0] = samples[i].is_first_left ? "x" : "y";
        CHECK(hits_of(samples) > 1000 + 112);
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
