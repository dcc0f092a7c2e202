#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/harness/cli/call.hpp"
#include "tests/harness/web/client.hpp"
#include "tests/harness/web/page_texts.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

// The commands of harness/study/README.md, "The paper's protocol from end to end".

namespace {

using nlohmann::json;

constexpr std::size_t kPrompts = 44;
constexpr std::size_t kRaters = 3;
constexpr const char* kTask = "helpfulness_60";

/// How a simulated rater compares two answers, as they see them: below 0 the first is better, 0: both are alike.
int compared(std::size_t rater, const std::string& first, const std::string& second) {
    if (rater == 2) return first.compare(second);
    // Longer is better.
    return first.size() == second.size() ? 0 : (first.size() > second.size() ? -1 : 1);
}

/// A point of the seven: the raters differ in how strongly they say it.
int point_of(std::size_t rater, const std::string& left, const std::string& right) {
    const int order = compared(rater, left, right);
    const int strength = 1 + static_cast<int>(rater);
    return order == 0 ? 4 : (order < 0 ? 4 - strength : 4 + strength);
}

/// One of the eight, without a tie.
int preference_of(std::size_t rater, const std::string& left, const std::string& right) {
    return compared(rater, left, right) <= 0 ? 3 - static_cast<int>(rater) : 6 + static_cast<int>(rater);
}

/// A text as the server was given it.
std::string unescaped(std::string html) {
    for (const auto& [name, character] :
         {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
        for (std::size_t at = 0; (at = html.find(name, at)) != std::string::npos; at += 1)
            html.replace(at, std::string(name).size(), character);
    }
    return html;
}

/// A person at a browser that asks for texts as they were written.
class SimulatedRater {
public:
    SimulatedRater(std::size_t number, const std::string& link)
        : number_(number), client_(static_cast<std::uint16_t>(std::stoul(site::between(link, "127.0.0.1:", "/")))) {
        const std::string token = link.substr(link.find('#') + 1);
        cookie_ = "rater=" + site::between(client_.ask(loopback::post("/join", "token=" + token)), "rater=", ";");
    }

    /// Rates one item; false when there is none.
    bool rate_next(bool is_preference) {
        const std::string page = ask(loopback::get("/rate?texts=as-written", cookie_));
        const std::string item = site::between(page, "name=\"item\" value=\"", "\"");
        if (item.empty()) return false;
        std::vector<std::string> texts;
        for (const auto& [begin, end] : site::texts_of(page))
            texts.push_back(unescaped(site::between(page.substr(begin, end - begin), "dir=\"auto\">", "</pre>")));
        REQUIRE(texts.size() >= 3);
        const std::string& left = texts[texts.size() - 2];
        const std::string& right = texts.back();
        const int value = is_preference ? preference_of(number_, left, right) : point_of(number_, left, right);
        site::Fields fields = {{"csrf", site::between(page, "name=\"csrf\" value=\"", "\"")},
                               {"item", item},
                               {"value", std::to_string(value)}};
        if (is_preference) fields.insert(fields.end(), {{"left_safe", "yes"}, {"right_safe", "yes"}});
        const std::string stored = ask(loopback::post("/rate/submit", site::form_of(fields), cookie_));
        CHECK(loopback::status(stored) == 303);
        return true;
    }

private:
    /// Again while the server says that this session asks too often: no person is as fast.
    std::string ask(const std::string& request) {
        std::string answer = client_.ask(request);
        for (; loopback::status(answer) == 429; answer = client_.ask(request))
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        return answer;
    }

    std::size_t number_;
    loopback::Client client_;
    std::string cookie_;
};

/// A folder with the two runs of the demo.
struct RatedDemo {
    RatedDemo() {
        call({"run", "--model", "demo:helpful", "--model", "demo:chat", "--suite", kTask, "--limit",
              std::to_string(kPrompts), "--max-tokens", "12"});
    }
    std::string call(std::vector<std::string> arguments) const {
        const Result result = Call(std::move(arguments)).in(folder.path()).run();
        REQUIRE_MESSAGE(result.code == 0, result.err);
        return result.out;
    }

    /// Three raters at the real server, in turn, until nothing is left.
    std::size_t rate(const std::string& study, bool is_preference) const {
        const std::string err = folder / ("serve " + study);
        const pid_t server =
            start({"rate", "serve", study, "--db", folder / "bellwether.sqlite", "--listen", "127.0.0.1:0"},
                  folder / "log", err);
        std::string url;
        for (int i = 0; i < 600 && url.empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            url = site::between(content_of(err), "Raters open ", "/join");
        }
        std::size_t rated = 0;
        std::istringstream links(call({"rate", "invite", study, "--raters", std::to_string(kRaters), "--url", url}));
        std::vector<SimulatedRater> raters;
        for (std::string link; std::getline(links, link);) raters.emplace_back(raters.size(), link);
        for (std::size_t before = rated + 1; rated != before;) {
            before = rated;
            for (SimulatedRater& rater : raters) rated += rater.rate_next(is_preference) ? 1 : 0;
        }
        kill(server, SIGTERM);
        int status = 0;
        waitpid(server, &status, 0);
        CHECK(WEXITSTATUS(status) == 0);
        return rated;
    }

    /// What a run answered, by document.
    std::map<std::string, std::string> answers(const std::string& run) const {
        std::map<std::string, std::string> answers;
        std::istringstream lines(call({"export", run, "--format", "outputs"}));
        for (std::string line; std::getline(lines, line);) {
            const json row = json::parse(line);
            answers[row["id"].dump()] = row["output"].get<std::string>();
        }
        return answers;
    }

    Temporary folder;
};

/// The points of each rater for each item, from the first run's side, by the raters' own rules.
std::vector<std::array<int, kRaters>> expected_points(const RatedDemo& place) {
    const auto first = place.answers("1");
    const auto second = place.answers("2");
    std::vector<std::array<int, kRaters>> points;
    for (const auto& [id, answer] : first) {
        std::array<int, kRaters> of_item = {};
        for (std::size_t rater = 0; rater < kRaters; ++rater)
            of_item.at(rater) = point_of(rater, answer, second.at(id));
        points.push_back(of_item);
    }
    return points;
}

/// Gwet's AC2 with quadratic weights of seven points, all items rated by all raters (Gwet 2014, chapter 6).
double quadratic_ac2(const std::vector<std::array<int, kRaters>>& points) {
    constexpr int kPoints = 7;
    const auto weight = [](int a, int b) { return 1 - (a - b) * (a - b) / 36.0; };
    double observed = 0;
    std::array<double, kPoints + 1> share = {};
    for (const auto& item : points) {
        for (std::size_t a = 0; a < kRaters; ++a) {
            share.at(static_cast<std::size_t>(item.at(a))) += 1.0 / kRaters;
            for (std::size_t b = 0; b < kRaters; ++b) observed += a == b ? 0 : weight(item.at(a), item.at(b));
        }
    }
    const auto items = static_cast<double>(points.size());
    observed /= items * kRaters * (kRaters - 1);
    double all_weights = 0;
    double spread = 0;
    for (int a = 1; a <= kPoints; ++a) {
        const double pi = share.at(static_cast<std::size_t>(a)) / items;
        spread += pi * (1 - pi);
        for (int b = 1; b <= kPoints; ++b) all_weights += weight(a, b);
    }
    const double chance = all_weights / (kPoints * (kPoints - 1)) * spread;
    return (observed - chance) / (1 - chance);
}

/// Shares of items whose majority says win, tie, loss or nothing, in this order.
std::array<double, 4> shares_of(const std::vector<std::array<int, kRaters>>& points) {
    std::array<double, 4> shares = {};
    for (const auto& item : points) {
        const auto said = [&item](auto is_such) { return std::count_if(item.begin(), item.end(), is_such) >= 2; };
        const std::size_t result = said([](int value) { return value < 4; })    ? 0
                                   : said([](int value) { return value == 4; }) ? 1
                                   : said([](int value) { return value > 4; })  ? 2
                                                                                : 3;
        shares.at(result) += 1.0 / static_cast<double>(points.size());
    }
    return shares;
}

const json& find(const json& list, const std::string& key, const std::string& value) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const json& one) { return one[key] == value; });
    REQUIRE(found != list.end());
    return *found;
}

}  // namespace

TEST_SUITE("harness.rating_protocol") {
    TEST_CASE("two demo runs are rated by three raters over HTTP and reported and a reward model learns from them") {
        const RatedDemo place;
        place.call({"rate", "open-study", "--name", "better", "--run", "1", "--run", "2", "--task", kTask});
        CHECK(place.rate("better", false) == kPrompts * kRaters);
        const json status = json::parse(place.call({"rate", "status", "better", "--json"}));
        CHECK(status["complete_items"] == kPrompts);
        CHECK(status["ratings_extra"] == 0);

        place.call({"report", "1", "2", "--out", "report.json"});
        const json report = json::parse(content_of(place.folder / "report.json"));
        const json& study = find(report["ratings"], "study", "better");
        const std::vector<std::array<int, kRaters>> points = expected_points(place);
        REQUIRE(points.size() == kPrompts);
        const json& pair = study["pairs"].at(0);
        CHECK(pair["items"] == kPrompts);
        const std::array<double, 4> shares = shares_of(points);
        const std::array<const char*, 4> names = {"win", "tie", "loss", "no_consensus"};
        for (std::size_t i = 0; i < shares.size(); ++i) {
            CAPTURE(names.at(i));
            CHECK(pair[names.at(i)]["value"].get<double>() == doctest::Approx(shares.at(i)));
        }
        CHECK(shares[0] + shares[2] > 0.2);  // there is something to be found
        const json& ac2 = find(study["agreement"], "measure", "Gwet's AC2, quadratic weights");
        CHECK(ac2["value"].get<double>() == doctest::Approx(quadratic_ac2(points)));
        CHECK(ac2["ci95"].at(0) <= ac2["value"]);

        place.call({"rate", "open-study", "--name", "pairs", "--protocol", "preference", "--run", "1", "--run", "2",
                    "--task", kTask});
        CHECK(place.rate("pairs", true) == kPrompts * kRaters);
        const auto first = place.answers("1");
        const auto second = place.answers("2");
        const auto different = std::count_if(first.begin(), first.end(), [&second](const auto& answer) {
            return answer.second != second.at(answer.first);
        });
        const json trained = json::parse(
            place.call({"reward", "train", "longer", "--backbone", "demo:chat", "--from-study", "pairs", "--json"}));
        long used = trained["pairs"].get<long>();
        for (const json& left_out : trained["left_out"]) used += left_out.get<long>();
        CHECK(used == different * static_cast<long>(kRaters));
        CHECK(json::parse(place.call({"reward", "list", "--json"})).at(0)["name"] == "longer");
    }
}
