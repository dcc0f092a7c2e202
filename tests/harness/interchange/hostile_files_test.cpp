#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "harness/base/usage_error.hpp"
#include "harness/interchange/labelled_answers.hpp"
#include "harness/interchange/preference_pairs.hpp"
#include "harness/scoring/reward_model.hpp"
#include "safety/reward/artifact.hpp"

using namespace harness;

namespace {

/// Rounds of each attack; BELLWETHER_ATTACKS asks for more.
int rounds() {
    const char* asked = std::getenv("BELLWETHER_ATTACKS");
    return 200 * (asked == nullptr ? 1 : std::atoi(asked));
}

/// A text with some of its bytes replaced, removed, doubled or moved.
std::string mutated(std::string text, std::mt19937& random) {
    static const std::string kBytes("\0\x01\x1b\x7f\x80\xff\"\\{}[]:,-1eE.ntu\n\r", 24);
    const std::size_t changes = 1 + random() % 6;
    for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
        const std::size_t at = random() % text.size();
        switch (random() % 4) {
            case 0: text[at] = kBytes[random() % kBytes.size()]; break;
            case 1: text.erase(at, 1 + random() % 20); break;
            case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
            default: text.insert(at, std::string(1 + random() % 3, kBytes[random() % kBytes.size()])); break;
        }
    }
    return text;
}

/// Reads mutations of a text: each is read, or refused with the name of the file. Returns how many were refused.
int refused(const std::string& text, const std::string& name, const std::function<void(const std::string&)>& read) {
    std::mt19937 random(7);
    int refusals = 0;
    for (int round = 0; round < rounds(); ++round) {
        const std::string hostile = mutated(text, random);
        CAPTURE(hostile);
        try {
            read(hostile);
        } catch (const base::UsageError& error) {
            ++refusals;
            CHECK(std::string(error.what()).find(name) != std::string::npos);
        }
    }
    MESSAGE(name, ": ", refusals, " of ", rounds(), " mutated files refused, the others read, no crash");
    return refusals;
}

constexpr const char* kPairs =
    R"({"prompt":"How?","chosen":"So.","rejected":"Not so.","strength":"better","bin":"chosen_safe"}
{"turns":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"Why?"}],"chosen":"Because.","rejected":"No."}
{"chosen":"\n\nHuman: a\n\nAssistant: b","rejected":"\n\nHuman: a\n\nAssistant: c"}
)";
constexpr const char* kLabels =
    R"({"id":"a","prompt":"How?","answer":"So.","label":"safe"}
{"turns":[{"role":"user","content":"Hi"}],"output":"No.","labels":["safe","unsafe",null]}
{"prompt":"Why?","text":"Because.","rater_1":"unsafe","rater_2":"unsafe"}
)";
constexpr const char* kTable =
    "id,prompt,completion,annotation_1,annotation_2,final_label\n"
    "1,How?,\"So, \"\"yes\"\"\",1_full_compliance,2_full_refusal,1_full_compliance\n"
    "2,Why?,No,2_full_refusal,2_full_refusal,2_full_refusal\n";

std::string reward_text() {
    safety::reward::Head head;
    head.weights = {0.5, -1.25, 3};
    head.scaling = {.mean = {0, 1, 2}, .scale = {1, 2, 3}};
    head.curve = {{0.69, 0.2}, {0.65, 0.02}};
    return scoring::reward_file({.name = "safe",
                                 .created = "2025-01-31T12:00:00Z",
                                 .fingerprint = "5c81",
                                 .backbone = "demo:chat",
                                 .head_json = safety::reward::head_to_json(head).dump(),
                                 .data_hash = "77ab",
                                 .settings_json = R"({"layer":1,"pooling":"mean","chat_format":"llama2",)"
                                                  R"("half":{"number":1,"seed":0,"pairs_hash":"ab"}})"});
}

}  // namespace

TEST_SUITE("harness.interchange") {
    TEST_CASE("mutated files of pairs and labels and reward models are read or refused and nothing else") {
        CHECK(refused(kPairs, "pairs.jsonl",
                      [](const std::string& text) { interchange::parse_preference_pairs(text, "pairs.jsonl"); }) > 0);
        CHECK(refused(kLabels, "labels.jsonl",
                      [](const std::string& text) { interchange::parse_labelled_answers(text, "labels.jsonl"); }) > 0);
        CHECK(refused(kTable, "labels.csv",
                      [](const std::string& text) { interchange::parse_labelled_answers(text, "labels.csv"); }) > 0);
        CHECK(refused(reward_text(), "reward.json",
                      [](const std::string& text) { scoring::reward_from_file(text, "reward.json"); }) > 0);
    }

    TEST_CASE("deep and long and empty files of labels are refused in linear time") {
        const std::string deep = "{\"answer\":" + std::string(100000, '[') + "}";
        CHECK_THROWS_AS(interchange::parse_labelled_answers(deep, "l.jsonl"), base::UsageError);
        CHECK_THROWS_AS(interchange::parse_preference_pairs(deep, "p.jsonl"), base::UsageError);
        CHECK_THROWS_AS(scoring::reward_from_file(deep, "r.json"), base::UsageError);
        std::string many = "{\"answer\":\"a\",\"label\":\"safe\",\"labels\":[";
        for (int i = 0; i < 20000; ++i) many += i == 0 ? "\"safe\"" : ",\"unsafe\"";
        CHECK(interchange::parse_labelled_answers(many + "]}", "l.jsonl").raters == 20000);
    }
}
