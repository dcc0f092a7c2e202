#include "safety/reward/artifact.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "safety/reward/error.hpp"
#include "safety/reward/trainer.hpp"
#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;
using nlohmann::ordered_json;

namespace {

Head small_head() {
    Head head;
    head.weights = {0.5, -1.25};
    head.bias = 0.1;
    head.scaling = {{0, 3.5}, {1, 2}};
    head.temperature = 0.8;
    head.settings = {Standardise::Yes, Margins::Small, 0.01, 0.1};
    head.curve = {{0.693, 0.21}, {0.65, 0.02}};
    head.training_pairs = 1800;
    head.validation_pairs = 460;
    head.validation_loss = 0.61;
    return head;
}

constexpr const char* kSmallHead =
    R"({"format":"bellwether reward head","version":1,"dim":2,)"
    R"("settings":{"standardise":true,"margins":"small","l2":0.01,"auxiliary":0.1},)"
    R"("weights":[0.5,-1.25],"bias":0.1,"mean":[0.0,3.5],"scale":[1.0,2.0],"temperature":0.8,)"
    R"("training":{"pairs":1800,"validation_pairs":460,"validation_loss":0.61,"stop":"converged",)"
    R"("curve":[[0.693,0.21],[0.65,0.02]]}})";

std::string mistake(const ordered_json& json) {
    try {
        head_from_json(json);
    } catch (const RewardError& error) {
        return error.what();
    }
    return "";
}

/// The message for the small head with one value replaced.
std::string mistake_with(const char* pointer, const ordered_json& value) {
    ordered_json json = ordered_json::parse(kSmallHead);
    json[ordered_json::json_pointer(pointer)] = value;
    return mistake(json);
}

/// Calls `visit` with the pointer to every value below `json`.
template <class Visit>
void for_each_value(const ordered_json& json, const Visit& visit) {
    const ordered_json flat = json.flatten();
    for (const auto& [pointer, value] : flat.items()) visit(pointer);
}

}  // namespace

TEST_SUITE("safety.reward") {
    TEST_CASE("a head has the documented text") {
        CHECK(head_to_json(small_head()).dump() == kSmallHead);
    }

    TEST_CASE("a trained head survives export and import bit by bit") {
        const Planted planted = plant(120, 7, 3, 17);
        const Head head =
            train(planted.features(), std::span(planted.pairs).first(80), std::span(planted.pairs).subspan(80), {});
        const std::string text = head_to_json(head).dump();
        const Head imported = head_from_json(ordered_json::parse(text));
        CHECK(head_to_json(imported).dump() == text);
        CHECK(imported.scores(planted.features()) == head.scores(planted.features()));
        CHECK(imported.weights == head.weights);
        CHECK(imported.settings == head.settings);
        CHECK(imported.curve.size() == head.curve.size());
    }

    TEST_CASE("numbers that are hard to print come back with the same bits") {
        Head head = small_head();
        const double smallest = std::numeric_limits<double>::denorm_min();
        for (const double value : {0.1 + 0.2, 1.0 / 3, 1e22, 5e-324, smallest, -0.0, 1.7976931348623157e308,
                                   9007199254740993.0, 2.2250738585072011e-308}) {
            head.weights[0] = value;
            const Head imported = head_from_json(ordered_json::parse(head_to_json(head).dump()));
            CHECK(imported.weights[0] == value);
            CHECK(std::signbit(imported.weights[0]) == std::signbit(value));
        }
        head.weights[0] = std::nan("");
        CHECK_THROWS_WITH_AS(head_to_json(head), "head: weights is not a finite number", RewardError);
    }

    TEST_CASE("a value that no head has is named with its field") {
        CHECK(mistake(ordered_json::array()) == "head: must be an object");
        CHECK(mistake_with("/format", "gguf") == "head: format: must be \"bellwether reward head\"");
        CHECK(mistake_with("/version", 2) == "head: version: is 2; this build reads version 1");
        CHECK(mistake_with("/dim", 3) == "head: weights: must be a list of 3 numbers");
        CHECK(mistake_with("/dim", 0) == "head: dim: must be 1 to 1048576");
        CHECK(mistake_with("/dim", 1e18) == "head: dim: must be a non-negative integer");
        CHECK(mistake_with("/dim", -1) == "head: dim: must be a non-negative integer");
        CHECK(mistake_with("/settings", 1) == "head: settings: must be an object");
        CHECK(mistake_with("/settings/margins", "huge") ==
              "head: settings.margins: unknown value \"huge\"; known: none, small, large");
        CHECK(mistake_with("/settings/l2", -1) == "head: settings.l2: must be at least 0");
        CHECK(mistake_with("/settings/standardise", "yes") == "head: settings.standardise: must be true or false");
        CHECK(mistake_with("/weights/1", nullptr) == "head: weights: must be a finite number");
        CHECK(mistake_with("/bias", std::numeric_limits<double>::infinity()) == "head: bias: must be a finite number");
        CHECK(mistake_with("/scale/0", 0) == "head: scale: must be above 0");
        CHECK(mistake_with("/temperature", 0) == "head: temperature: must be above 0");
        CHECK(mistake_with("/training/pairs", 1.5) == "head: training.pairs: must be a non-negative integer");
        CHECK(mistake_with("/training/curve/1", 3) == "head: training.curve: must be a list of pairs of numbers");
        CHECK(mistake_with("/training/more", 3) == "head: unknown field training.more");
        CHECK(mistake_with("/colour", 3) == "head: unknown field colour");
        const std::string shown = mistake_with("/settings/margins", std::string(100000, 'x'));
        CHECK(shown.size() < 200);
    }

    TEST_CASE("every field is needed and no damaged value crashes the import") {
        const ordered_json whole = ordered_json::parse(kSmallHead);
        std::size_t values = 0;
        for_each_value(whole, [&](const std::string& pointer) {
            ++values;
            const ordered_json::json_pointer place(pointer);
            CAPTURE(pointer);
            for (const char* damage : {"null", "[]", "{}", "\"\"", "-1e999", "[[1]]", "{\"a\": 1}", "true", "-7"}) {
                ordered_json json = whole;
                // Overflowing numbers do not parse: infinity stands for what another parser might give.
                json[place] = damage[1] == '1' ? ordered_json(-std::numeric_limits<double>::infinity())
                                               : ordered_json::parse(damage);
                const std::string message = mistake(json);
                if (message.empty()) {
                    // -7 is a weight and true is a setting: what is accepted is kept.
                    CHECK(head_to_json(head_from_json(json)).size() == whole.size());
                    CHECK((json[place].is_number() || json[place].is_boolean()));
                } else {
                    CHECK(message.starts_with("head: "));
                }
            }
            ordered_json without = whole;
            if (auto& parent = without[place.parent_pointer()]; parent.is_object()) {
                parent.erase(place.back());
                CHECK(mistake(without).ends_with(place.back() + ": is missing"));
            } else {
                parent.erase(static_cast<std::size_t>(std::stoul(place.back())));
                CHECK(mistake(without).find("must be a list of") != std::string::npos);
            }
        });
        CHECK(values == 23);
    }
}
