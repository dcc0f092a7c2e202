#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "harness/base/usage_error.hpp"
#include "harness/scoring/combined_scorer.hpp"
#include "harness/scoring/reward_evaluation.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_scorer.hpp"
#include "harness/scoring/reward_training.hpp"
#include "harness/store/database.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "safety/reward/artifact.hpp"
#include "safety/reward/split.hpp"
#include "tests/harness/scoring/counting_backbone.hpp"

using namespace harness::scoring;
using engine::ChatFormat;
using engine::Pooling;
using harness::base::UsageError;

namespace {

PreferencePair pair_of(const std::string& prompt, const std::string& chosen, const std::string& rejected) {
    return {.turns = {{suites::Role::User, prompt}}, .chosen = chosen, .rejected = rejected};
}

/// 200 pairs of which nine in ten prefer the answer with more exclamation marks, at equal lengths and words.
std::vector<PreferencePair> loud_pairs() {
    std::vector<PreferencePair> pairs;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::string tail(i % 5, '.');
        pairs.push_back(pair_of("prompt " + std::to_string(i), "yes !!" + tail, "yes .." + tail));
        if (i % 10 == 0) std::swap(pairs.back().chosen, pairs.back().rejected);
    }
    return pairs;
}

/// 200 pairs that all prefer the longer answer.
std::vector<PreferencePair> long_pairs() {
    std::vector<PreferencePair> pairs;
    for (std::size_t i = 0; i < 200; ++i)
        pairs.push_back(
            pair_of("prompt " + std::to_string(i), std::string(20 + i % 9, '.'), std::string(5 + i % 4, '.')));
    return pairs;
}

safety::reward::CrossFitSettings quick() {
    safety::reward::CrossFitSettings settings;
    settings.grid.l2 = {0.1, 0.01};
    return settings;
}

harness::store::RewardModelRow trained_row(const Backbone& backbone) {
    const EncodedPairs pairs = encode_pairs(backbone, loud_pairs());
    const std::vector<PlacedHead> heads = train_heads(backbone, pairs, {.places = {{2, Pooling::Last}}, .seed = 1});
    return {.name = "loud",
            .fingerprint = backbone.card().fingerprint,
            .backbone = backbone.card().name,
            .head_json = safety::reward::head_to_json(heads.at(0).head).dump(),
            .data_hash = data_hash(loud_pairs()),
            .settings_json = reward_settings(heads.at(0).place, backbone, {"/home/me/model.gguf", 1})};
}

}  // namespace

TEST_SUITE("scoring.reward") {
    TEST_CASE("features are the same in any order and the cache spares the backbone") {
        CountingBackbone model;
        const harness::store::Database database = harness::store::Database::temporary();
        harness::store::HiddenStateStore cache(database);
        const Backbone plain(model, ChatFormat::Llama2);
        const Backbone cached(model, ChatFormat::Llama2, &cache);
        std::vector<std::vector<engine::TokenId>> sequences;
        for (std::size_t i = 0; i < 300; ++i)
            sequences.push_back(plain.encode(loud_pairs().at(i % 200).turns, std::string(i % 11, '!')).ids);
        const auto expected = plain.features(sequences, {1, Pooling::Mean});
        CHECK(expected.at(3).at(0) == 1.5F);
        CHECK(model.calls == std::vector<std::size_t>{128, 128, 44});
        std::vector<std::vector<engine::TokenId>> backwards(sequences.rbegin(), sequences.rend());
        auto reversed = cached.features(backwards, {1, Pooling::Mean});
        std::reverse(reversed.begin(), reversed.end());
        CHECK(reversed == expected);
        model.calls.clear();
        CHECK(cached.features(sequences, {1, Pooling::Mean}) == expected);
        CHECK(model.calls.empty());
        // Another place is not in the cache.
        CHECK(cached.features(sequences, {1, Pooling::Last}).at(3).at(0) == 3);
        CHECK(model.calls.size() == 3);
    }

    TEST_CASE("pairs that the backbone cannot read are counted by reason and never cut") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        std::vector<PreferencePair> pairs = {pair_of("p", "a", "b"), pair_of("p", "a", std::string(500, 'x')),
                                             pair_of("p", std::string(500, 'x'), "b"), pair_of("q", "a", "b")};
        pairs[3].turns.push_back({suites::Role::User, "two turns of the user"});
        const EncodedPairs encoded = encode_pairs(backbone, pairs);
        REQUIRE(encoded.pairs.size() == 1);
        CHECK(encoded.left_out.at("longer than the backbone's context of 400 tokens") == 2);
        CHECK(encoded.left_out.size() == 2);
        // An answer that just fits.
        const std::size_t prompt = backbone.encode(pairs[0].turns, "").ids.size();
        CHECK(backbone.encode(pairs[0].turns, std::string(400 - prompt - 1, 'x')).error.empty());
    }

    TEST_CASE("marks of the chat format in an answer do not end its turn") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        const std::vector<suites::Message> turns = {{suites::Role::User, "p"}};
        const std::string text = model.tokenizer().decode(backbone.encode(turns, "x [/INST] y").ids);
        CHECK(text.find("[/INST]") != std::string::npos);
        CHECK(text.find("[/INST]") == text.rfind("[/INST]"));
    }

    TEST_CASE("group and data hash come from the texts and not from their order") {
        std::vector<PreferencePair> pairs = loud_pairs();
        const std::string hash = data_hash(pairs);
        std::reverse(pairs.begin(), pairs.end());
        CHECK(data_hash(pairs) == hash);
        std::swap(pairs[0].chosen, pairs[0].rejected);
        CHECK(data_hash(pairs) != hash);
        CHECK(prompt_group(pairs[0].turns) == prompt_group(pairs[0].turns));
        CHECK(prompt_group(pairs[0].turns) != prompt_group(pairs[1].turns));
        const std::vector<suites::Message> joined = {{suites::Role::User, "ab"}};
        const std::vector<suites::Message> split = {{suites::Role::User, "a"}, {suites::Role::User, "b"}};
        CHECK(prompt_group(joined) != prompt_group(split));
    }

    TEST_CASE("a head has the same text however the pairs are ordered") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        std::vector<PreferencePair> pairs = loud_pairs();
        const TrainingSettings settings{.places = {{1, Pooling::Last}, {2, Pooling::Mean}}, .seed = 7};
        const auto text_of = [&] {
            const auto heads = train_heads(backbone, encode_pairs(backbone, pairs), settings);
            return safety::reward::head_to_json(best_of(heads).head).dump();
        };
        const std::string text = text_of();
        std::reverse(pairs.begin(), pairs.end());
        CHECK(text_of() == text);
    }

    TEST_CASE("a reward that no baseline sees beats them and is told so") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        const RewardEvaluation found =
            evaluate_reward(backbone, encode_pairs(backbone, loud_pairs()), {2, Pooling::Last}, quick());
        CHECK(found.accuracy.total == 200);
        CHECK(found.accuracy.correct == 180);
        CHECK(found.beats_baselines());
        REQUIRE(found.baselines.size() == 3);
        CHECK(found.baselines[0].accuracy.accuracy() < 0.7);
        CHECK(found.baselines[0].mcnemar_p < 1e-6);
        // Exclamation marks do not depend on the prompt: its length alone moves the reward.
        CHECK(found.length_matched.total == 200);
        CHECK(found.swapped_prompt.total == 199);
        CHECK(found.unsafe_recall.total == 0);
        const nlohmann::json json = to_json(found);
        CHECK(json["accuracy"]["accuracy"] == 0.9);
        CHECK(json["unsafe_recall"].is_null());
        CHECK(json["by_strength"].size() == 1);
    }

    TEST_CASE("a reward that is length alone does not beat the baseline of length") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        const RewardEvaluation found =
            evaluate_reward(backbone, encode_pairs(backbone, long_pairs()), {2, Pooling::Last}, quick());
        CHECK(found.accuracy.correct == 200);
        CHECK(found.baselines[0].name == "length");
        CHECK(found.baselines[0].accuracy.correct == 200);
        CHECK_FALSE(found.beats_baselines());
        CHECK(found.style.length.spearman.value() > 0.9);
        CHECK(found.length_matched.total == 0);
    }

    TEST_CASE("a stored model scores answers as its head does") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        const harness::store::RewardModelRow row = trained_row(backbone);
        const RewardModel loaded = reward_model(row);
        CHECK(loaded.place == FeaturePlace{2, Pooling::Last});
        RewardScorer scorer(model, loaded);
        const std::vector<suites::Message> turns = {{suites::Role::User, "prompt 1"}};
        const std::vector<StoredAnswer> answers = {
            {.turns = turns, .answer = "yes !!.", .document_json = "{}"},
            {.turns = turns, .answer = "yes ...", .document_json = "{}"},
            {.turns = turns, .answer = std::string(500, 'x'), .document_json = "{}"}};
        const std::vector<AnswerScores> scores = scorer.score(answers);
        REQUIRE(scores.size() == 3);
        const std::vector<std::vector<engine::TokenId>> ids = {backbone.encode(turns, "yes !!.").ids};
        CHECK(scores[0].at(0).metric == "reward");
        CHECK(scores[0].at(0).value == loaded.head.score(backbone.features(ids, loaded.place).at(0)));
        CHECK(scores[0].at(0).value > scores[1].at(0).value);
        CHECK_FALSE(scores[2].at(0).value.has_value());
        CHECK(scores[2].at(0).explanation == "longer than the backbone's context of 400 tokens");

        const harness::store::ScorerRow identity = scorer.identity();
        CHECK(identity.kind == "reward");
        CHECK(identity.name == "loud");
        CHECK(identity.model_fingerprint == "c0de");
        CHECK(identity.prompt_hash == loaded.head_hash);
        const nlohmann::json settings = nlohmann::json::parse(identity.settings_json);
        CHECK(settings["metrics"]["reward"] == nlohmann::json{{"direction", "higher"}, {"interval", "real"}});
        CHECK(settings["model"] == "counting");
    }

    TEST_CASE("two rewards are combined as in the Llama 2 paper and a missing one is named") {
        /// Gives the answer's text as its reward; none for one that is no number.
        class Spoken final : public Scorer {
        public:
            explicit Spoken(const std::string& name, double sign) : name_(name), sign_(sign) {}
            harness::store::ScorerRow identity() const override {
                return {.kind = "reward", .name = name_, .settings_json = R"({"model":"m"})"};
            }
            ValueReading reading() const override { return {}; }
            std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override {
                std::vector<AnswerScores> scores;
                for (const StoredAnswer& answer : answers) {
                    harness::store::ScoreRow row{.metric = "reward", .value = std::nullopt};
                    if (answer.answer == name_) {
                        row.explanation = "too long";
                    } else {
                        row.value = sign_ * std::stod(answer.answer + "0");
                    }
                    scores.push_back({row});
                }
                return scores;
            }

        private:
            std::string name_;
            double sign_;
        };
        Spoken safety("0.1", 1);
        Spoken helpfulness("0.2", -1);
        CombinedScorer both(safety, helpfulness);
        const std::vector<suites::Message> turns = {{suites::Role::User, "Q"}};
        const auto scores = both.score(std::vector<StoredAnswer>{{turns, "1.", "{}"},
                                                                 {turns, "1.", R"({"label":"unsafe"})"},
                                                                 {turns, "1.", R"({"hazard":"theft"})"},
                                                                 {turns, "1.", R"({"hazard":"x","label":"safe"})"},
                                                                 {turns, "-2.", "{}"},
                                                                 {turns, "0.1", "{}"},
                                                                 {turns, "0.2", "{}"}});
        // sigmoid(1) = 0.731 is above 0.15, so helpfulness counts unless the prompt is adversarial.
        CHECK(scores[0].at(0).value.value() == doctest::Approx(-1));
        CHECK(scores[0].at(0).explanation == "safety 0.731, helpfulness 0.269; helpfulness counts");
        CHECK(scores[1].at(0).value.value() == doctest::Approx(1));
        CHECK(scores[2].at(0).value.value() == doctest::Approx(1));
        CHECK(scores[3].at(0).value.value() == doctest::Approx(-1));
        // sigmoid(-2) = 0.119 is below 0.15.
        CHECK(scores[4].at(0).value.value() == doctest::Approx(-2));
        CHECK(scores[4].at(0).explanation == "safety 0.119, helpfulness 0.881; safety counts: it is below 0.15");
        CHECK_FALSE(scores[5].at(0).value.has_value());
        CHECK(scores[5].at(0).explanation == "the safety reward is missing: too long");
        CHECK_FALSE(scores[6].at(0).value.has_value());
        CHECK(scores[6].at(0).explanation == "the helpfulness reward is missing: too long");
        CHECK(both.identity().kind == "reward");
        CHECK(both.identity().name == "0.1+0.2");
        CHECK(CombinedScorer(helpfulness, safety).identity().settings_json != both.identity().settings_json);
    }

    TEST_CASE("a reward model with its own head scores the state of the token that ends an answer") {
        class OwnHead final : public CountingBackbone {
            std::optional<engine::ScalarHead> scalar_head() const override {
                return engine::ScalarHead{.weights = {2, 0.5F, 0}, .bias = -1};
            }
        };
        OwnHead model;
        const RewardModel own = own_reward_model(model, "own", ChatFormat::Llama2);
        CHECK(own.place == FeaturePlace{2, Pooling::Last});
        RewardScorer scorer(model, own);
        const std::vector<suites::Message> turns = {{suites::Role::User, "prompt 1"}};
        const auto scores = scorer.score(std::vector<StoredAnswer>{{turns, "yes !!.", "{}"}});
        // Two exclamation marks, and half of the tokens: those of the answer and the end of the sequence.
        const double tokens =
            static_cast<double>(Backbone(model, ChatFormat::Llama2).encode(turns, "yes !!.").ids.size()) + 1;
        CHECK(scores.at(0).at(0).value == doctest::Approx(2 * 2 + 0.5 * tokens - 1));
        CHECK(nlohmann::json::parse(scorer.identity().settings_json)["answer_end"] == "eos");
        CountingBackbone plain;
        CHECK_THROWS_WITH_AS(own_reward_model(plain, "plain", ChatFormat::Llama2),
                             doctest::Contains("has no scalar head"), UsageError);
    }

    TEST_CASE("a reward model refuses another backbone and rows that are none") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        const harness::store::RewardModelRow row = trained_row(backbone);
        CountingBackbone other;
        other.card_.fingerprint = "beef";
        CHECK_THROWS_WITH_AS(RewardScorer(other, reward_model(row)), doctest::Contains("is another model (beef)"),
                             UsageError);
        CountingBackbone wider;
        wider.card_.dim = 4;
        CHECK_THROWS_WITH_AS(RewardScorer(wider, reward_model(row)), doctest::Contains("has 3 weights"), UsageError);
        const auto broken = [&row](auto change) {
            harness::store::RewardModelRow copy = row;
            change(copy);
            return copy;
        };
        for (const harness::store::RewardModelRow& one :
             {broken([](auto& copy) { copy.head_json = "{}"; }), broken([](auto& copy) { copy.head_json = "{"; }),
              broken([](auto& copy) { copy.settings_json = "[]"; }),
              broken([](auto& copy) { copy.settings_json = R"({"layer":-1,"pooling":"last","chat_format":"plain"})"; }),
              broken([](auto& copy) { copy.settings_json = R"({"layer":1,"pooling":"max","chat_format":"plain"})"; }),
              broken([](auto& copy) { copy.settings_json = R"({"layer":1,"pooling":"last","chat_format":"x"})"; })}) {
            CHECK_THROWS_WITH_AS(reward_model(one), doctest::Contains("reward model 'loud'"), UsageError);
        }
    }

    TEST_CASE("a model goes through a file bit by bit and leaves the path of its backbone behind") {
        CountingBackbone model;
        const Backbone backbone(model, ChatFormat::Llama2);
        harness::store::RewardModelRow row = trained_row(backbone);
        row.created = "2025-01-31T12:00:00Z";
        const std::string text = reward_file(row);
        CHECK(text.find("/home/me") == std::string::npos);
        harness::store::RewardModelRow read = reward_from_file(text, "a.json");
        CHECK(read.head_json == row.head_json);
        CHECK(reward_model(row).source == "/home/me/model.gguf");
        CHECK(reward_model(read).source.empty());
        CHECK(reward_model(read).place == reward_model(row).place);
        read.settings_json = row.settings_json;
        CHECK(read == row);

        const auto changed = [&text](const char* field, const nlohmann::ordered_json& value) {
            nlohmann::ordered_json file = nlohmann::ordered_json::parse(text);
            file[field] = value;
            return file.dump();
        };
        for (const auto& refused : {std::pair{std::string("{"), "a.json"},
                                    {std::string("[]"), "a.json: not a reward model"},
                                    {changed("format", "other"), "a.json: not a reward model"},
                                    {changed("version", 2), "a.json: version: this build reads version 1"},
                                    {changed("name", ""), "a.json: name: must be a string"},
                                    {changed("backbone", 5), "a.json: backbone: must be an object"},
                                    {changed("head", nlohmann::json::object()), "a.json: reward model 'loud'"},
                                    {changed("settings", nlohmann::json::object()), "no chat format"}}) {
            const std::string& file = refused.first;
            const char* message = refused.second;
            CAPTURE(file);
            CHECK_THROWS_WITH_AS(reward_from_file(file, "a.json"), doctest::Contains(message), UsageError);
        }
    }

    TEST_CASE("words keep apostrophes and other scripts and lose punctuation") {
        CHECK(words_of("Don't, PLEASE \xC3\xA9t\xC3\xA9-2!") ==
              std::vector<std::string>{"don't", "please", "\xC3\xA9t\xC3\xA9", "2"});
        CHECK(words_of(" .. ").empty());
    }
}
