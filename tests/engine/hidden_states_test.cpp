#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "engine/language_model.hpp"
#include "tests/engine/kernel_families.hpp"
#include "tests/engine/shared_data.hpp"
#include "tests/support/text.hpp"

namespace {

using engine::FinalNorm;
using engine::HiddenStates;
using engine::Pooling;
using Ids = std::vector<engine::TokenId>;
using States = std::vector<std::vector<float>>;

/// Sequences after BOS; several share a beginning, one is the beginning of another and two are equal.
std::vector<Ids> sequences_of(engine::TokenId vocab) {
    std::mt19937 random(3);
    const auto ids = [&](std::size_t count) {
        Ids result(count);
        for (engine::TokenId& id : result)
            id = static_cast<engine::TokenId>(3 + random() % (static_cast<std::uint32_t>(vocab) - 3));
        return result;
    };
    Ids shared = ids(40);
    shared.front() = 1;
    std::vector<Ids> sequences = {shared, {1}, {1, 5, 6}, shared};
    for (const std::size_t length : {1U, 2U, 30U, 70U}) {
        Ids longer = shared;
        const Ids more = ids(length);
        longer.insert(longer.end(), more.begin(), more.end());
        sequences.push_back(longer);
    }
    return sequences;
}

std::vector<HiddenStates> all_wanted(std::uint32_t layers) {
    std::vector<HiddenStates> all;
    for (const std::uint32_t layer : {0U, 1U, layers}) {
        for (const FinalNorm norm : {FinalNorm::Applied, FinalNorm::LeftOut}) {
            for (const Pooling pooling : {Pooling::Last, Pooling::Mean}) all.push_back({layer, norm, pooling});
        }
    }
    return all;
}

std::string name_of(const HiddenStates& wanted) {
    return fmt::format("layer {} {} {}", wanted.layer, wanted.final_norm == FinalNorm::Applied ? "applied" : "left_out",
                       wanted.pooling == Pooling::Last ? "last" : "mean");
}

/// The float64 reference.
nlohmann::json reference(const std::string& folder, const std::string& model, const HiddenStates& wanted,
                         const std::vector<Ids>& sequences) {
    std::string command = fmt::format("/usr/bin/python3 '{}/tests/engine/oracle_hidden.py' '{}' '{}' {}",
                                      BELLWETHER_SOURCE_DIR, folder, model, name_of(wanted).substr(6));
    for (const Ids& ids : sequences) command += fmt::format(" {}", fmt::join(ids, ","));
    return nlohmann::json::parse(output_of(command));
}

double worst_difference(const States& states, const nlohmann::json& expected) {
    REQUIRE(states.size() == expected.size());
    double worst = 0;
    for (std::size_t i = 0; i < states.size(); ++i) {
        REQUIRE(states[i].size() == expected[i].size());
        double size = 0;  // of the vector: states grow with the layers
        for (const auto& value : expected[i]) size = std::max(size, std::abs(value.get<double>()));
        for (std::size_t d = 0; d < states[i].size(); ++d)
            worst = std::max(worst, std::abs(double{states[i][d]} - expected[i][d].get<double>()) / size);
    }
    return worst;
}

engine::EngineOptions with_batches_of(std::uint32_t tokens) {
    engine::EngineOptions options;
    options.batch_tokens = tokens;
    return options;
}

}  // namespace

TEST_SUITE("engine.hidden_states") {
    TEST_CASE("hidden states of every layer and norm and pooling agree with the float64 reference") {
        const auto oracle = shared_data("tools/oracle.py");
        if (!oracle) return;
        for (const char* file : {"models/stories260K.gguf", "models/quant/a-Q4_K_M.gguf"}) {
            const auto path = shared_data(file);
            if (!path) return;
            const auto model = engine::open_model(path->string());
            const std::vector<Ids> sequences = sequences_of(static_cast<engine::TokenId>(model->card().vocab));
            double worst = 0;
            for (const HiddenStates& wanted : all_wanted(model->card().layers)) {
                CAPTURE(name_of(wanted));
                const nlohmann::json expected =
                    reference(oracle->parent_path().string(), path->string(), wanted, sequences);
                worst = std::max(worst, worst_difference(model->hidden_states(sequences, wanted), expected));
            }
            MESSAGE(std::string(file), ": largest difference ", worst, " of a vector's largest value");
            CHECK(worst < 1e-4);
        }
    }

    TEST_CASE("hidden states have the same bits alone or with others in any order and batch") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const auto whole = engine::open_model(path->string());
        const auto small = engine::open_model(path->string(), with_batches_of(16));
        engine::EngineOptions apart = with_batches_of(64);
        apart.reuse = false;
        const auto alone = engine::open_model(path->string(), apart);
        const std::vector<Ids> sequences = sequences_of(static_cast<engine::TokenId>(whole->card().vocab));
        for (const HiddenStates& wanted : all_wanted(whole->card().layers)) {
            CAPTURE(name_of(wanted));
            const States states = whole->hidden_states(sequences, wanted);
            CHECK(small->hidden_states(sequences, wanted) == states);
            CHECK(alone->hidden_states(sequences, wanted) == states);
            std::vector<Ids> reversed(sequences.rbegin(), sequences.rend());
            States turned = small->hidden_states(reversed, wanted);
            std::reverse(turned.begin(), turned.end());
            CHECK(turned == states);
            for (std::size_t i = 0; i < sequences.size(); ++i)
                CHECK(whole->hidden_states({&sequences[i], 1}, wanted).at(0) == states[i]);
        }
    }

    TEST_CASE("hidden states and scores between them do not disturb each other") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const auto model = engine::open_model(path->string());
        const std::vector<Ids> sequences = sequences_of(static_cast<engine::TokenId>(model->card().vocab));
        const engine::ScoreRequest request{sequences.back(), {60, 70, 80}};
        const double logprob = model->score({&request, 1}).at(0).logprob();
        const HiddenStates early = {.layer = 1, .final_norm = FinalNorm::LeftOut, .pooling = Pooling::Mean};
        const States states = model->hidden_states(sequences, early);
        CHECK(model->score({&request, 1}).at(0).logprob() == logprob);
        CHECK(engine::open_model(path->string())->hidden_states(sequences, early) == states);
    }

    TEST_CASE("hidden states have the same bits if the host cannot access the device's memory") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        engine::EngineOptions staged;
        staged.transfers = engine::Transfers::Staged;
        const auto model = engine::open_model(path->string(), staged);
        const auto plain = engine::open_model(path->string());
        const std::vector<Ids> sequences = sequences_of(static_cast<engine::TokenId>(plain->card().vocab));
        for (const HiddenStates& wanted : all_wanted(plain->card().layers)) {
            CAPTURE(name_of(wanted));
            CHECK(model->hidden_states(sequences, wanted) == plain->hidden_states(sequences, wanted));
        }
    }

    TEST_CASE("the state of layer 0 without the norm is the row of the embedding table") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const auto model = engine::open_model(path->string());
        const std::vector<Ids> sequences = {{1, 50}, {7, 8, 50}, {50}};
        const States states =
            model->hidden_states(sequences, {.layer = 0, .final_norm = FinalNorm::LeftOut, .pooling = Pooling::Last});
        CHECK(states[0].size() == model->card().dim);
        CHECK(states[0] == states[1]);  // no block has run: tokens before 50 do not matter
        CHECK(states[0] == states[2]);
    }

    TEST_CASE("hidden states that the model cannot give are an input error") {
        const auto path = shared_data("models/stories260K.gguf");
        if (!path) return;
        const auto model = engine::open_model(path->string());
        const auto refuses = [&](const Ids& ids, std::uint32_t layer) {
            try {
                model->hidden_states({&ids, 1}, {.layer = layer});
            } catch (const engine::EngineError& error) {
                return error.kind() == engine::EngineError::Kind::Input;
            }
            return false;
        };
        const std::uint32_t layers = model->card().layers;
        CHECK(refuses({}, layers));
        CHECK(refuses(Ids(model->card().context_length + 1, 5), layers));
        CHECK(refuses({1, static_cast<engine::TokenId>(model->card().vocab)}, layers));
        CHECK(refuses({1, -1}, layers));
        CHECK(refuses({1, 5}, layers + 1));
        CHECK_FALSE(refuses(Ids(model->card().context_length, 5), layers));
    }
}
