#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/language_model.hpp"
#include "engine/model_summary.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/engine/small_model.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

std::vector<float> head_weights() {
    std::vector<float> weights;
    for (std::uint32_t i = 0; i < SmallModel::kDim; ++i) weights.push_back(std::sin(static_cast<float>(i)) / 4);
    return weights;
}

/// A small model with the tensors that `add` gives it.
std::string made(const Temporary& folder, const std::function<void(SmallModel&)>& add) {
    SmallModel model;
    add(model);
    put(folder / "m.gguf", model.writer.str());
    return folder / "m.gguf";
}

std::string complaint(const std::string& path, engine::Head head) {
    engine::EngineOptions options;
    options.head = head;
    try {
        engine::open_model(path, options);
    } catch (const engine::EngineError& error) {
        CHECK(error.kind() == engine::EngineError::Kind::Input);
        return error.what();
    }
    return "opened";
}

/// The state of the last token after the final norm, by the float64 reference.
std::vector<double> reference_state(const std::string& tools, const std::string& model,
                                    const std::vector<engine::TokenId>& ids) {
    const std::string command =
        fmt::format("/usr/bin/python3 '{}/tests/engine/oracle_hidden.py' '{}' '{}' {} applied last {}",
                    BELLWETHER_SOURCE_DIR, tools, model, SmallModel::kLayers, fmt::join(ids, ","));
    return nlohmann::json::parse(output_of(command)).at(0).get<std::vector<double>>();
}

}  // namespace

TEST_SUITE("engine.scalar_head") {
    TEST_CASE("a reward model's head on its hidden state gives the reward of the float64 reference") {
        const auto tools = shared_data("tools");
        if (!tools) return;
        const Temporary folder;
        const std::string path = made(folder, [](SmallModel& model) {
            model.tensor("cls.output.weight", {SmallModel::kDim}, head_weights());
            model.tensor("cls.output.bias", {1}, {0.75F});
        });
        engine::EngineOptions options;
        options.head = engine::Head::Scalar;
        const auto model = engine::open_model(path, options);
        const auto head = model->scalar_head();
        REQUIRE(head.has_value());
        CHECK(head->weights == head_weights());
        CHECK(head->bias == 0.75F);
        const std::vector<engine::TokenId> ids = {1, 40, 7, 100, 99};
        const std::vector<float> state =
            model->hidden_states(std::vector<std::vector<engine::TokenId>>{ids}, {.layer = SmallModel::kLayers}).at(0);
        const std::vector<double> expected = reference_state(tools->string(), path, ids);
        double reward = head->bias;
        double reference = 0.75;
        for (std::size_t i = 0; i < state.size(); ++i) {
            reward += static_cast<double>(state[i]) * static_cast<double>(head->weights[i]);
            reference += expected[i] * static_cast<double>(head_weights()[i]);
        }
        CHECK(reward == doctest::Approx(reference).epsilon(1e-4));
    }

    TEST_CASE("the names of sequence classifiers are read too and a head needs no bias") {
        const Temporary folder;
        const std::string path = made(folder, [](SmallModel& model) {
            model.tensor("score.weight", {SmallModel::kDim, 1}, head_weights());
        });
        engine::EngineOptions options;
        options.head = engine::Head::Scalar;
        const auto head = engine::open_model(path, options)->scalar_head();
        REQUIRE(head.has_value());
        CHECK(head->weights == head_weights());
        CHECK(head->bias == 0);
    }

    TEST_CASE("a reward model is no language model and the other way round") {
        const Temporary folder;
        const std::string reward = made(
            folder, [](SmallModel& model) { model.tensor("cls.output.weight", {SmallModel::kDim}, head_weights()); });
        CHECK(has(complaint(reward, engine::Head::Tokens), "a reward model, which writes no text"));
        CHECK(has(engine::refusal_of(reward, 0), "reward:FILE.gguf"));
        const std::string plain = made(folder, [](SmallModel&) {});
        CHECK(has(complaint(plain, engine::Head::Scalar), "it is not a reward model"));
        CHECK(complaint(plain, engine::Head::Tokens) == "opened");
    }

    TEST_CASE("heads that are no reward are refused with their shape") {
        const Temporary folder;
        const auto refused = [&](const std::function<void(SmallModel&)>& add) {
            return complaint(made(folder, add), engine::Head::Scalar);
        };
        CHECK(has(refused([](SmallModel& model) { model.vector("cls.output.weight", 47, 0); }), "47x1, expected 48x1"));
        CHECK(has(refused([](SmallModel& model) {
                      model.tensor("score.weight", {48, 2}, std::vector<float>(96, 0.5F));
                  }),
                  "48x2, expected 48x1"));
        CHECK(has(refused([](SmallModel& model) {
                      model.tensor("cls.output.weight", {48}, head_weights());
                      model.tensor("cls.output.bias", {2}, {1, 2});
                  }),
                  "expected 1"));
        CHECK(has(refused([](SmallModel& model) {
                      std::vector<float> weights = head_weights();
                      weights[3] = NAN;
                      model.tensor("cls.output.weight", {48}, weights);
                  }),
                  "not finite"));
        CHECK(has(refused([](SmallModel& model) {
                      model.tensor("cls.output.weight", {48}, head_weights());
                      model.tensor("cls.weight", {48, 48}, std::vector<float>(std::size_t{48} * 48, 0.5F));
                  }),
                  "cls.weight"));
    }
}
