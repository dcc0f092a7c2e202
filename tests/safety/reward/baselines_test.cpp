#include "safety/reward/baselines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "safety/prompts/similarity.hpp"
#include "safety/reward/accuracy.hpp"
#include "safety/reward/ngrams.hpp"
#include "safety/reward/split.hpp"
#include "suites/text.hpp"
#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;

namespace {

/// The pairs of hh-rlhf; answer 2i is chosen and 2i + 1 rejected in pair i.
struct Answers {
    std::vector<std::string> texts;
    std::vector<Pair> pairs;
};

Answers read_hh_rlhf(const std::string& path) {
    constexpr std::string_view kTurn = "\n\nAssistant:";
    Answers answers;
    std::unordered_map<std::string, std::uint64_t> groups;
    const std::string text = suites::read_text(path);
    for (std::string_view rest = text; !rest.empty();) {
        const auto row = nlohmann::json::parse(suites::take_line(rest));
        Pair pair{.chosen = static_cast<std::uint32_t>(answers.texts.size()),
                  .rejected = static_cast<std::uint32_t>(answers.texts.size() + 1)};
        for (const char* side : {"chosen", "rejected"}) {
            const auto dialogue = row.at(side).get<std::string>();
            const std::size_t last = dialogue.rfind(kTurn);
            answers.texts.push_back(dialogue.substr(last + kTurn.size()));
            pair.group = groups.emplace(dialogue.substr(0, last), groups.size()).first->second;
        }
        answers.pairs.push_back(pair);
    }
    return answers;
}

}  // namespace

TEST_SUITE("safety.reward") {
    TEST_CASE("the direction of a value is chosen on the other folds only") {
        // In fold 0 the higher value is always chosen, in fold 1 always the lower: each is predicted by the other's
        // rule.
        const std::vector<double> values = {2, 1, 3, 1, 1, 2, 1, 3};
        const std::vector<Pair> pairs = {{.chosen = 0, .rejected = 1},
                                         {.chosen = 2, .rejected = 3},
                                         {.chosen = 4, .rejected = 5},
                                         {.chosen = 6, .rejected = 7}};
        const ValueBaseline baseline = value_baseline(values, pairs, std::vector<std::size_t>{0, 0, 1, 1});
        CHECK(baseline.directions == std::vector<Direction>{Direction::Lower, Direction::Higher});
        CHECK(baseline.differences == std::vector<double>{-1, -2, -1, -2});
        CHECK(preference_accuracy(baseline.differences).correct == 0);
        // Mixed folds: higher is better in three of four pairs.
        const std::vector<double> mixed = {2, 1, 3, 1, 2, 1, 1, 3};
        const ValueBaseline better = value_baseline(mixed, pairs, std::vector<std::size_t>{0, 1, 2, 0});
        CHECK(better.directions[0] == Direction::Higher);
        CHECK(better.differences[0] == 1);
        CHECK(better.differences[3] == -2);
    }

    TEST_CASE("equal values are ties and excluded pairs do not vote") {
        const std::vector<double> values = {1, 1, 2, 1, 1, 2};
        const std::vector<Pair> pairs = {{.chosen = 0, .rejected = 1},
                                         {.chosen = 2, .rejected = 3},
                                         {.chosen = 4, .rejected = 5, .bin = SafetyBin::ChosenUnsafe}};
        const ValueBaseline baseline = value_baseline(values, pairs, std::vector<std::size_t>{0, 1, 1});
        CHECK(baseline.directions[0] == Direction::Higher);
        CHECK(preference_accuracy(baseline.differences).ties == 1);
    }

    TEST_CASE("n-grams are words and pairs of words in order without repetition") {
        const std::vector<std::string> words = {"no", "way", "no", "way"};
        CHECK(hash_ngrams(words).size() == 4);  // no, way, no way, way no
        CHECK(hash_ngrams(std::vector<std::string>{"way", "no"}) != hash_ngrams(std::vector<std::string>{"no", "way"}));
        CHECK(hash_ngrams({}).empty());
        // "ab" + "c" is not "a" + "bc".
        CHECK(hash_ngrams(std::vector<std::string>{"ab", "c"}) != hash_ngrams(std::vector<std::string>{"a", "bc"}));
        std::vector<std::string> many;
        many.reserve(2000);
        for (int i = 0; i < 2000; ++i) many.push_back("w" + std::to_string(i));
        const std::vector<std::uint32_t> buckets = hash_ngrams(many);
        CHECK(std::is_sorted(buckets.begin(), buckets.end()));
        CHECK(buckets.back() < kNgramBuckets);
        // 3,999 n-grams in 262,144 buckets: about 30 collisions are expected.
        CHECK(buckets.size() > 3930);
    }

    TEST_CASE("the n-gram model learns a word that decides and not one that was never seen") {
        // Bucket 7 marks the chosen answer in 9 of 10 groups' pairs; each answer has noise of its own.
        std::vector<std::vector<std::uint32_t>> buckets;
        std::vector<Pair> pairs;
        for (std::uint32_t i = 0; i < 300; ++i) {
            const bool follows = i % 10 != 0;
            const std::uint32_t noise = 100 + 10 * i;
            buckets.push_back(follows ? std::vector<std::uint32_t>{7, noise} : std::vector<std::uint32_t>{noise});
            buckets.push_back(follows ? std::vector<std::uint32_t>{noise + 1}
                                      : std::vector<std::uint32_t>{7, noise + 1});
            pairs.push_back({.chosen = 2 * i, .rejected = 2 * i + 1, .group = i});
        }
        const std::vector<std::size_t> folds = folds_by_group(pairs, 5, 1);
        const std::vector<double> differences = ngram_baseline(buckets, pairs, folds, {});
        CHECK(preference_accuracy(differences) == Tally{.correct = 270, .ties = 0, .total = 300});
        std::reverse(pairs.begin(), pairs.end());
        std::vector<double> reversed = ngram_baseline(buckets, pairs, folds_by_group(pairs, 5, 1), {});
        std::reverse(reversed.begin(), reversed.end());
        CHECK(reversed == differences);
    }

    // Measured elsewhere on these 2,312 pairs: 54.6 % for the shorter answer, 62.1 % for hashed 1-2-grams (60.4 to 64.1
    // over five splits). Three standard errors of 2,312 pairs are 3.1 points.
    TEST_CASE("baselines on hh-rlhf's harmless pairs are those measured elsewhere") {
        const char* shared = std::getenv("BELLWETHER_SHARED");
        const std::string path =
            (shared != nullptr ? std::string(shared) : std::string(BELLWETHER_SOURCE_DIR) + "/../shared") +
            "/data/hh-rlhf/harmless-base/test.jsonl.gz";
        if (!std::filesystem::exists(path)) {
            MESSAGE("skipped: BELLWETHER_SHARED has no hh-rlhf");
            return;
        }
        const Answers answers = read_hh_rlhf(path);
        REQUIRE(answers.pairs.size() == 2312);
        const std::vector<std::size_t> folds = folds_by_group(answers.pairs, 5, 1);
        std::vector<double> lengths;
        std::vector<std::vector<std::uint32_t>> buckets;
        for (const std::string& text : answers.texts) {
            const std::vector<std::string> words = safety::prompts::words_of(text);
            lengths.push_back(static_cast<double>(text.size()));
            buckets.push_back(hash_ngrams(words));
        }
        const ValueBaseline length = value_baseline(lengths, answers.pairs, folds);
        CHECK(length.directions == std::vector<Direction>(5, Direction::Lower));
        const Tally by_length = preference_accuracy(length.differences);
        const Tally by_words = preference_accuracy(ngram_baseline(buckets, answers.pairs, folds, {}));
        MESSAGE("shorter answer ", by_length.accuracy(), ", n-grams ", by_words.accuracy());
        CHECK(std::abs(by_length.accuracy() - 0.546) < 0.031);
        CHECK(std::abs(by_words.accuracy() - 0.621) < 0.031);
    }
}
