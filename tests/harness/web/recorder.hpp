#pragma once

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/harness/web/page_texts.hpp"
#include "tests/harness/web/site.hpp"

/// Everything that a rater's browser is sent, and what of it are texts.
namespace site {

/// Limits that no test reaches.
inline harness::web::AppOptions unlimited() {
    return {.limits = {.address = {}, .session = {}, .sign_in = {}}};
}

class Recorder {
public:
    explicit Recorder(Browser browser) : browser_(std::move(browser)) {}

    Response get(const std::string& path) {
        Response response = kept(browser_.get(path));
        for (std::size_t at = response.body.find("\"/assets/"); at != std::string::npos;
             at = response.body.find("\"/assets/", at + 1)) {
            const std::string asset = response.body.substr(at + 1, response.body.find('"', at + 1) - at - 1);
            if (assets_.insert(asset).second) kept(browser_.get(asset));
        }
        return response;
    }
    Response post(const std::string& path, Fields fields = {}) { return kept(browser_.post(path, std::move(fields))); }
    std::string hidden(const std::string& name) const { return browser_.hidden(name); }
    const std::string& page() const { return browser_.page; }

    /// One for each response: status, headers and body.
    const std::vector<std::string>& responses() const { return responses_; }
    const std::set<std::string>& assets() const { return assets_; }

private:
    Response kept(Response response) {
        std::string all = std::to_string(response.status) + "\n" + response.content_type + "\n";
        for (const auto& [name, value] : response.headers) all += fmt::format("{}: {}\n", name, value);
        responses_.push_back(all + response.body + "\n");
        return response;
    }

    Browser browser_;
    std::vector<std::string> responses_;
    std::set<std::string> assets_;
};

/// Rates everything, and looks at every other page on the way: skips, undoes, changes, forgets the choice.
inline Recorder whole_study(Site& site) {
    Recorder recorder{Browser(site)};
    const std::string token = site.study.service().invite(1, "a friend of variant a").front().token;
    recorder.get("/");
    recorder.get("/join/" + token);
    recorder.post("/join", {{"token", token}});
    recorder.get("/lead");
    for (int i = 0; i < 400; ++i) {
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
        if (i % 9 == 4) recorder.post("/rate/submit", {{"item", item}, {"value", "2"}});  // changed
        if (i % 11 == 5) recorder.post("/rate/undo");
    }
    recorder.get("/rate");
    recorder.post("/rate/leave");
    return recorder;
}

}  // namespace site
