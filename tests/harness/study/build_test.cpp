#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "harness/base/usage_error.hpp"
#include "harness/study/scrub.hpp"
#include "tests/harness/study/small_study.hpp"

using namespace harness::study;
using harness::store::StudyItemRow;
using small_study::kStart;
using small_study::pairwise;
using small_study::prompts;

TEST_SUITE("harness.study") {
    TEST_CASE("a sample takes prompts of each category in proportion to their number") {
        Definition definition = pairwise();
        definition.prompts = 10;
        const BuiltStudy built = build_study(definition, prompts(40, 2), kStart);
        std::map<std::string, int> taken;
        for (const StudyItemRow& item : built.items) ++taken[item.category];
        CHECK(taken == std::map<std::string, int>{{"x", 5}, {"y", 3}, {"z", 2}});  // 5, 2.5, 2.5
        CHECK(built.strata.at("y").available == 10);
    }

    TEST_CASE("the same definition gives the same study in whatever order the prompts come") {
        Definition definition = pairwise();
        definition.prompts = 10;
        auto source = prompts(40, 2);
        const BuiltStudy built = build_study(definition, source, kStart);
        std::reverse(source.begin(), source.end());
        const BuiltStudy again = build_study(definition, source, kStart + 1);
        CHECK(again.items == built.items);
        CHECK(again.study.hash == built.study.hash);
    }

    TEST_CASE("a study's hash changes with whatever raters would see otherwise") {
        const Definition definition = pairwise();
        std::set<std::string> hashes = {build_study(definition, prompts(4, 2), kStart).study.hash};
        const auto add = [&](const Definition& changed, const std::vector<SourcePrompt>& source) {
            CHECK(hashes.insert(build_study(changed, source, kStart).study.hash).second);
        };
        Definition other = definition;
        other.seed = 8;
        add(other, prompts(4, 2));
        other = definition;
        other.question = "Which is shorter?";
        add(other, prompts(4, 2));
        auto source = prompts(4, 2);
        source[2].answers[1][0].text += ".";
        add(definition, source);
        source = prompts(4, 2);
        source[2].turns[0].content += "?";
        add(definition, source);
    }

    TEST_CASE("three runs make three pairs of each prompt and a safety study one item of each answer") {
        Definition definition = pairwise();
        definition.runs = {"plan-a", "plan-b", "plan-c"};
        const auto variants = [](const StudyItemRow& item) {
            std::string names;
            for (const auto& answer : item.answers) names += answer.variant.back();
            return names;
        };
        std::map<std::string, int> pairs;
        for (const StudyItemRow& item : build_study(definition, prompts(5, 3), kStart).items) ++pairs[variants(item)];
        CHECK(pairs == std::map<std::string, int>{{"ab", 5}, {"ac", 5}, {"bc", 5}});
        definition.protocol = Protocol::Safety;
        pairs.clear();
        for (const StudyItemRow& item : build_study(definition, prompts(5, 3), kStart).items) ++pairs[variants(item)];
        CHECK(pairs == std::map<std::string, int>{{"a", 5}, {"b", 5}, {"c", 5}});
    }

    TEST_CASE("prompts that a run did not answer are left out and counted") {
        auto source = prompts(6, 2);
        source[1].answers[1].clear();
        const BuiltStudy built = build_study(pairwise(), source, kStart);
        CHECK(built.unanswered == 1);
        CHECK(built.items.size() == 5);
        Definition definition = pairwise();
        definition.prompts = 6;
        CHECK_THROWS_AS(build_study(definition, source, kStart), harness::base::UsageError);
        for (auto& prompt : source) prompt.answers[0].clear();
        CHECK_THROWS_AS(build_study(pairwise(), source, kStart), harness::base::UsageError);
    }

    TEST_CASE("scrubbing takes out how an assistant introduces itself and logs it") {
        const std::pair<const char*, const char*> kCases[] = {
            {"As Llama 2, I cannot do that.", "As [assistant], I cannot do that."},
            {"Hi! I'm ChatGPT, an assistant.", "Hi! I'm [assistant], an assistant."},
            {"I\xE2\x80\x99m Vicuna.", "I\xE2\x80\x99m [assistant]."},
            {"My name is Claude and I was made by Anthropic.", "My name is [assistant] and I was made by [maker]."},
            {"I am a large language model trained by OpenAI.", "I am a large language model trained by [maker]."},
            {"I'm Llama, a model developed by Meta AI.", "I'm [assistant], a model developed by [maker]."},
            {"an AI assistant called Falcon Chat", "an AI assistant called [assistant]"},
            {"I am Vicuna, a language model trained by researchers from Large Model Systems",
             "I am [assistant], a language model trained by researchers from Large Model Systems"},
            {"I'm an AI assistant created by Meta. As LLaMA I help.",
             "I'm an AI assistant created by [maker]. As [assistant] I help."},
        };
        for (const auto& [from, to] : kCases) {
            const Scrubbed scrubbed = scrub(from);
            CHECK(scrubbed.text == to);
            CHECK_FALSE(scrubbed.changes.empty());
        }
    }

    TEST_CASE("scrubbing leaves what an answer is about") {
        for (const char* text :
             {"The wool is as soft as a llama's.", "OpenAI released ChatGPT in 2022.", "Meta trained Llama 2.",
              "I am in Palm Beach.", "Compare Claude Monet with the bard of Avon.", "My name is Bob.", "",
              "\xFF\xFE broken", "Falcons are birds as are eagles."}) {
            const Scrubbed scrubbed = scrub(text);
            CHECK(scrubbed.text == text);
            CHECK(scrubbed.changes.empty());
        }
    }

    TEST_CASE("a scrubbed study shows the changed text and keeps the model's own") {
        auto source = prompts(2, 2);
        source[0].answers[0][0].text = "As Llama 2, I agree.";
        Definition definition = pairwise();
        definition.scrub = true;
        const BuiltStudy built = build_study(definition, source, kStart);
        CHECK(built.scrubbed == 1);
        const auto& answer = built.items[0].answers[0];
        CHECK(answer.text == "As Llama 2, I agree.");
        CHECK(answer.shown_text() == "As [assistant], I agree.");
        CHECK(answer.changes_json == R"([{"from":"As Llama 2","to":"As [assistant]"}])");
        CHECK_FALSE(built.items[1].answers[0].shown.has_value());
    }
}
