#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/harness/web/loopback.hpp"
#include "tests/harness/web/recorder.hpp"

using namespace site;

namespace {

/// Responses without their texts, ids and secrets, of which the length is kept.
std::vector<std::string> frames_of(const Recorder& recorder) {
    std::vector<std::string> frames;
    for (const std::string& response : recorder.responses()) frames.push_back(without_ids(without_texts(response)));
    return frames;
}

/// How often each hexadecimal digit stands in the ids and secrets of the responses, each of which counts once.
std::array<double, 16> digits_of(const Recorder& recorder) {
    std::set<std::string> ids;
    for (const std::string& response : recorder.responses()) {
        const std::string frame = without_ids(response);
        for (std::size_t at = 0; (at = frame.find(std::string(32, '*'), at)) != std::string::npos;) {
            const std::size_t end = std::min(frame.find_first_not_of('*', at), frame.size());
            ids.insert(response.substr(at, end - at));
            at = end;
        }
    }
    std::array<double, 16> counts = {};
    for (const std::string& id : ids) {
        for (const char digit : id) ++counts.at(std::string_view("0123456789abcdef").find(digit));
    }
    return counts;
}

/// Answers of the two variants that differ in length and form.
std::vector<harness::study::SourcePrompt> prompts(std::size_t number) {
    auto prompts = small_study::prompts(number, 2);
    for (auto& prompt : prompts) prompt.answers[1].front().text += "\n\n- more\n- of *everything*\n\n```\ncode\n```\n";
    return prompts;
}

harness::study::CheckItem check(const std::string& prompt) {
    return {.turns = {{"user", prompt}}, .answers = {"good", "bad"}, .right = {1, 3}};
}

}  // namespace

TEST_SUITE("harness.web.bytes") {
    TEST_CASE("everything that a rater is sent but the texts is the same when the variants change places") {
        constexpr std::size_t kItems = 60;
        Site site(small_study::pairwise(), prompts(kItems), unlimited());
        auto exchanged = prompts(kItems);
        for (auto& prompt : exchanged) std::swap(prompt.answers[0], prompt.answers[1]);
        auto definition = small_study::pairwise();
        std::swap(definition.runs[0], definition.runs[1]);
        Site other(definition, exchanged, unlimited());
        const Recorder first = whole_study(site);
        const Recorder second = whole_study(other);
        CHECK(first.responses().size() > 300);
        CHECK(frames_of(first) == frames_of(second));
        // Ids and secrets are random: the digits of both come from one distribution. Chi-squared of 15 degrees of
        // freedom is above 56.5 once in a million times.
        const auto a = digits_of(first);
        const auto b = digits_of(second);
        double chi_squared = 0;
        for (std::size_t digit = 0; digit < a.size(); ++digit)
            chi_squared += (a.at(digit) - b.at(digit)) * (a.at(digit) - b.at(digit)) / (a.at(digit) + b.at(digit));
        CHECK(chi_squared < 56.5);
        CHECK(a[0] > 60 * 32 / 16 / 2);
    }

    TEST_CASE("everything that a rater is sent but the texts is the same whether checks are hidden or there are none") {
        constexpr std::size_t kItems = 40;
        auto checked = small_study::pairwise();
        checked.check_every = 4;
        checked.session_items = 100;  // the page counts down to the break
        checked.gold = {check("gold 1"), check("gold 2"), check("gold 3")};
        checked.attention = {check("attention 1"), check("attention 2")};
        auto ordinary = checked;
        ordinary.gold.clear();
        ordinary.attention.clear();
        Site site(checked, kItems, unlimited());
        Site other(ordinary, kItems + 5, unlimited());
        const Recorder first = whole_study(site);
        CHECK(frames_of(first) == frames_of(whole_study(other)));
        const auto status = site.study.service().status().raters.front();
        CHECK(status.gold + status.attention >= 3);  // others were skipped
    }

    TEST_CASE("over a real connection the headers of every item are the same and the length is that of the page") {
        const loopback::Running server(30);
        loopback::Client client = server.client();
        const std::string joined = client.ask(loopback::post("/join", "token=" + server.token(0)));
        const std::string cookie = "rater=" + between(joined, "Set-Cookie: rater=", ";");
        std::set<std::string> headers;
        std::set<std::size_t> sizes;
        for (int i = 0; i < 30; ++i) {
            const std::string page = client.ask(loopback::get("/rate", cookie));
            const std::size_t end = page.find("\r\n\r\n");
            REQUIRE(end != std::string::npos);
            std::string header = page.substr(0, end);
            const std::string length = "Content-Length: " + std::to_string(page.size() - end - 4);
            const std::size_t at = header.find(length);
            REQUIRE(at != std::string::npos);
            headers.insert(header.erase(at, length.size()));
            const std::string item = between(page, "name=\"item\" value=\"", "\"");
            const std::string csrf = between(page, "name=\"csrf\" value=\"", "\"");
            const std::string form = fmt::format("csrf={}&item={}&value=3", csrf, item);
            client.ask(loopback::post("/rate/submit", form, cookie));
        }
        CHECK(headers.size() == 1);
        CHECK(headers.begin()->find("Date") == std::string::npos);
        CHECK(headers.begin()->find("Server") == std::string::npos);
    }
}
