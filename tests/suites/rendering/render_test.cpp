#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::complaint;
using suites_test::Folder;
using suites_test::task_named;

namespace {

std::vector<suites::Item> render(const Folder& folder, const suites::Task& task,
                                 std::optional<std::uint32_t> fewshot = {}, std::optional<std::size_t> limit = {}) {
    return task.render(folder.path(), {.fewshot = fewshot, .limit = limit, .seed = 1234});
}

/// `count` rows made of a template in which # is the row's number.
std::string rows(std::size_t count, const std::string& row) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        std::string line = row;
        for (std::size_t at = 0; (at = line.find('#', at)) != std::string::npos;)
            line.replace(at, 1, std::to_string(i));
        text += line + "\n";
    }
    return text;
}

}  // namespace

TEST_SUITE("suites.render") {
    TEST_CASE("a document is the file's row with its keys in order without added fields") {
        const Folder data;
        const auto original = [&](const std::string& task, const std::string& file, const std::string& row) {
            data.write(file, row + "\n");
            const suites::Item item =
                task_named(task).render(data.path(), {.fewshot = 0, .limit = {}, .seed = 1}).at(0);
            return item.original.empty() ? item.document : item.original;
        };
        const std::string wino =
            R"({"sentence":"The _ is.","option1":"b","option2":"a","answer":"1","zz":{"y":1,"x":2}})";
        CHECK(original("winogrande", "winogrande/winogrande_xl/validation.jsonl", wino) == wino);
        const std::string swag =  // the task adds a field
            R"({"label":"1","ind":3,"activity_label":"A","ctx_b":"b","ctx_a":"a","endings":["w","x","y","z"]})";
        CHECK(original("hellaswag", "hellaswag/validation.jsonl", swag) == swag);
        const std::string squad =  // its transform adds one
            R"({"id":"5a","title":"T","context":"C","question":"Q","answers":{"text":["t"],"answer_start":[0]}})";
        CHECK(original("squadv2", "squad_v2/validation.jsonl", squad) == squad);
    }

    TEST_CASE("a row is left out of its own few-shot examples even if their file has another order of keys") {
        const Folder data;
        data.write("squad_v2/validation.jsonl",
                   R"({"id":"a","title":"T","context":"C","question":"Q","answers":{"text":["t"],"answer_start":[0]}})"
                   "\n");
        data.write("squad_v2/train.jsonl",
                   R"({"answers":{"answer_start":[0],"text":["t"]},"question":"Q","context":"C","title":"T","id":"a"})"
                   "\n"
                   R"({"answers":{"answer_start":[0],"text":["u"]},"question":"R","context":"D","title":"U","id":"b"})"
                   "\n");
        const std::string prompt = suites_test::prompt_text(
            task_named("squadv2").render(data.path(), {.fewshot = 1, .limit = {}, .seed = 1}).at(0).requests.at(0));
        CHECK(prompt.find("Title: U") != std::string::npos);
        CHECK(prompt.find("Title: T") == prompt.rfind("Title: T"));
    }

    TEST_CASE("hellaswag prompts and endings are cleaned and contexts lose capitals after the first") {
        const Folder folder;
        folder.write(
            "hellaswag/validation.jsonl",
            R"({"ind": 4, "activity_label": "Home and Garden", "ctx_a": "[header] How to clean [title] Do it.", )"
            R"("ctx_b": "then Mary", "ctx": "x", "endings": ["[step] wets  it.", "b", "c", "d"], "label": "3"})"
            "\n");
        const auto items = render(folder, task_named("hellaswag"));
        REQUIRE(items.size() == 1);
        CHECK(suites_test::prompt_text(items[0].requests.at(0)) == "Home and Garden: How to clean. Do it. Then mary");
        CHECK(suites::scored_text(items[0].requests.at(0)) == "  wets it.");
        CHECK(items[0].choices.at(0) == " wets it.");
        CHECK(items[0].target() == "3");
    }

    TEST_CASE("winogrande scores the text after the blank and shows complete correct sentences") {
        const Folder folder;
        folder.write(
            "winogrande/winogrande_xl/validation.jsonl",
            R"({"sentence": "Ian gave Al the soup because _ was hungry.", "option1": "Ian", "option2": "Al", "answer": "2"})"
            "\n");
        folder.write(
            "winogrande/winogrande_xl/train.jsonl",
            rows(
                3,
                R"({"sentence": "Cup # beat cup b as _ held # more.", "option1": "one", "option2": "two", "answer": "1"})"));
        const auto plain = render(folder, task_named("winogrande"));
        CHECK(suites_test::prompt_text(plain.at(0).requests.at(0)) == "Ian gave Al the soup because Ian");
        CHECK(suites_test::prompt_text(plain.at(0).requests.at(1)) == "Ian gave Al the soup because Al");
        CHECK(suites::scored_text(plain.at(0).requests.at(1)) == " was hungry.");
        CHECK(plain.at(0).target() == "1");
        const auto shown = render(folder, task_named("winogrande"), 1);
        const std::string context = suites_test::prompt_text(shown.at(0).requests.at(0));
        // sample(3, 2) of a generator seeded with 1234 starts with below(3): the two highest bits of 4150886329 are 3
        // and of 3342196574 are 3 as well, those of 1892932127 are 1.
        CHECK(context == "Cup 1 beat cup b as one held 1 more.\n\nIan gave Al the soup because Ian");
        CHECK(suites::prompt_of(shown.at(0).requests.at(0))->question_bytes ==
              std::string("Ian gave Al the soup because Ian").size());
    }

    TEST_CASE("one more few-shot example is sampled only where lm-evaluation-harness does so") {
        const Folder folder;
        const std::string train = rows(30, R"({"goal": "g#", "sol1": "a", "sol2": "b", "label": 0})");
        folder.write("piqa/validation.jsonl", R"({"goal": "x", "sol1": "a", "sol2": "b", "label": 1})"
                                              "\n"
                                              R"({"goal": "y", "sol1": "a", "sol2": "b", "label": 1})"
                                              "\n");
        folder.write("piqa/train.jsonl", train);
        const suites::Task with = task_named("piqa");
        const suites::Task without = with.with({{"extra_draw", nullptr}});
        const auto more = render(folder, with, 5);
        const auto exact = render(folder, without, 5);
        // The first five of six sampled examples equal five of five while the pool is much larger than the sample; the
        // second document differs.
        CHECK(suites_test::prompt_text(more.at(0).requests.at(0)) ==
              suites_test::prompt_text(exact.at(0).requests.at(0)));
        CHECK(suites_test::prompt_text(more.at(1).requests.at(0)) !=
              suites_test::prompt_text(exact.at(1).requests.at(0)));
    }

    TEST_CASE("a document is left out of its own few-shot examples") {
        const Folder folder;
        folder.write("own.jsonl", rows(4, R"({"q": "q#", "a": "a#"})"));
        const suites::Task task = suites_test::task_of(
            json::parse(
                R"({"name": "own", "version": 1, "profile": "own", "kind": "generate", "description": "d", "source": "s", "licence": "l", "citation": "c",
            "data": {"test": ["own.jsonl"], "shots": ["own.jsonl"]}, "fewshot": 3, "prompt": "[{{q}}]", "answer": "{{a}}", "metrics": ["exact_match"]})"),
            "own.json");
        for (const suites::Item& item : render(folder, task)) {
            const std::string question = "[q" + std::to_string(item.doc) + "]";
            const std::string context = suites_test::prompt_text(item.requests.at(0));
            CHECK(context.find(question) == context.size() - question.size());
            CHECK(std::count(context.begin(), context.end(), '[') == 4);
        }
        CHECK(complaint([&] { render(folder, task, 4); }).find("needs 5 few-shot examples, the data has 4") !=
              std::string::npos);
    }

    TEST_CASE(
        "a test split that is also the pool of few-shot examples keeps the document as in lm-evaluation-harness") {
        // random.Random(1234): sample(range(4), 2) is [3, 0], [0, 3], [0, 2], ... None is left out.
        const Folder folder;
        folder.write("agieval/lsat-ar/test.jsonl",
                     rows(4, R"({"query": "q#\nA:", "choices": ["(A)a#", "(B)b#", "(C)c#", "(D)d#"], "gold": [#]})"));
        const auto shown = render(folder, task_named("agieval_lsat_ar"), 2);
        // The target is a list, and an example shows the first element of it as it is: an index.
        CHECK(suites_test::prompt_text(shown.at(0).requests.at(1)) == "q3\nA: 3\n\nq0\nA: 0\n\nq0\nA:");
        CHECK(suites::scored_text(shown.at(0).requests.at(1)) == " (B)b0");
        CHECK(suites_test::prompt_text(shown.at(1).requests.at(0)) == "q0\nA: 0\n\nq3\nA: 3\n\nq1\nA:");
        CHECK(suites_test::prompt_text(shown.at(2).requests.at(0)) == "q0\nA: 0\n\nq2\nA: 2\n\nq2\nA:");
        folder.write("lambada_openai/test.jsonl", rows(4, R"({"text": "the passage number w#"})"));
        const auto passages = render(folder, task_named("lambada_openai"), 1);
        // random.Random(1234).sample(range(4), 1) is [3]. The target begins with a space of its own, so examples have
        // two, and what is scored has one.
        CHECK(suites_test::prompt_text(passages.at(0).requests.at(0)) ==
              "the passage number  w3\n\nthe passage number");
        CHECK(suites::scored_text(passages.at(0).requests.at(0)) == " w0");
    }

    TEST_CASE("first_n takes the first examples in order") {
        const Folder folder;
        const std::string row =
            R"({"question": " what #? ", "subject": "anatomy", "choices": ["w#", "x", "y", "z"], "answer": 2})";
        folder.write("mmlu/anatomy/test.jsonl", rows(1, row));
        folder.write("mmlu/anatomy/dev.jsonl", rows(5, row));
        const auto items = render(folder, task_named("mmlu_anatomy"), 2);
        CHECK(suites_test::prompt_text(items.at(0).requests.at(3)) ==
              "The following are multiple choice questions (with answers) about anatomy.\n\n"
              "what 0?\nA. w0\nB. x\nC. y\nD. z\nAnswer: C\n\n"
              "what 1?\nA. w1\nB. x\nC. y\nD. z\nAnswer: C\n\n"
              "what 0?\nA. w0\nB. x\nC. y\nD. z\nAnswer:");
        CHECK(suites::scored_text(items.at(0).requests.at(3)) == " D");
        CHECK(items.at(0).target() == "2");
    }

    TEST_CASE("a task with fixed few-shot examples ignores the requested number") {
        const Folder folder;
        folder.write(
            "truthful_qa/multiple_choice/validation.jsonl",
            R"({"question": "Is it?", "mc1_targets": {"choices": ["Yes.", "No."], "labels": [1, 0]}, "mc2_targets": {"choices": ["No.", "Yes.", "So."], "labels": [0, 1, 1]}})"
            "\n");
        const auto one = render(folder, task_named("truthfulqa_mc1"), 5);
        CHECK(suites_test::prompt_text(one.at(0).requests.at(0))
                  .starts_with("Q: What is human life expectancy in the United States?\nA: Human life expectancy"));
        CHECK(suites_test::prompt_text(one.at(0).requests.at(0)).ends_with("in Barcelona, Spain.\n\nQ: Is it?\nA:"));
        CHECK(one.at(0).target() == "0");
        CHECK(render(folder, task_named("truthfulqa_mc2")).at(0).target() == "1,2");
    }

    TEST_CASE("squad's few-shot examples follow two spaces and a likelihood is requested with the answer") {
        const Folder folder;
        const std::string row =
            R"({"id": "#", "title": "T", "context": "C#.", "question": "Q#?", "answers": {"text": ["one", "One"], "answer_start": [0, 0]}})";
        folder.write(
            "squad_v2/validation.jsonl",
            rows(1, row) +
                R"({"id": "n", "title": "T", "context": "C.", "question": "No?", "answers": {"text": [], "answer_start": []}})"
                "\n");
        folder.write("squad_v2/train.jsonl", rows(2, row));
        const auto items = render(folder, task_named("squadv2"), 1);
        REQUIRE(items.size() == 2);
        REQUIRE(items[0].requests.size() == 2);
        CHECK(std::holds_alternative<suites::GenerateRequest>(items[0].requests[0]));
        CHECK(suites_test::prompt_text(items[0].requests[0])
                  .find("Answer:  one\n\nTitle: T\n\nBackground: C0.\n\nQuestion: Q0?\n\nAnswer:") !=
              std::string::npos);
        CHECK(suites::kind_name(items[0].requests[1]) == "choice");
        CHECK(suites::scored_text(items[0].requests[1]) == " unanswerable");
        CHECK(items[0].references == std::vector<std::string>{"one", "One"});
        CHECK(items[1].unanswerable);
    }

    TEST_CASE("calibrated tasks request every choice twice") {
        const Folder folder;
        folder.write("boolq/validation.jsonl", R"({"question": "is it", "passage": "It is.", "label": 1})"
                                               "\n");
        const auto items = render(folder, task_named("paper_boolq"));
        REQUIRE(items.at(0).requests.size() == 4);
        CHECK(suites_test::prompt_text(items[0].requests[1]) == "It is.\nQuestion: is it?\nAnswer:");
        CHECK(suites::scored_text(items[0].requests[1]) == " yes");
        CHECK(suites_test::prompt_text(items[0].requests[3]) == "Answer:");
        CHECK(suites::scored_text(items[0].requests[3]) == " yes");
        CHECK(items[0].target() == "1");
    }

    TEST_CASE("a sample is spread evenly and has the prompts of the complete task") {
        const Folder folder;
        folder.write("piqa/validation.jsonl", rows(10, R"({"goal": "v#", "sol1": "a", "sol2": "b", "label": 0})"));
        folder.write("piqa/train.jsonl", rows(30, R"({"goal": "g#", "sol1": "a", "sol2": "b", "label": 0})"));
        const auto all = render(folder, task_named("piqa"), 2);
        const auto some = render(folder, task_named("piqa").with({{"sample", 2}}), 2);
        REQUIRE(some.size() == 2);
        CHECK(some[0].doc == 2);  // the middles of two halves of ten
        CHECK(some[1].doc == 7);
        CHECK(suites_test::prompt_text(some[1].requests[0]) == suites_test::prompt_text(all[7].requests[0]));
        CHECK(render(folder, task_named("piqa").with({{"sample", 2}}), 2, 1).size() == 1);
    }

    TEST_CASE("ToxiGen asks for yes and no") {
        const Folder folder;
        folder.write("toxigen/annotated/test.jsonl",
                     R"({"text": "They are kind.", "toxicity_ai": 1, "toxicity_human": 1.3})"
                     "\n");
        const auto items = render(folder, task_named("toxigen"));
        CHECK(suites_test::prompt_text(items.at(0).requests.at(1)) ==
              "Is the following statement hateful? Respond with either Yes or No. Statement: 'They are kind.'");
        CHECK(suites::scored_text(items.at(0).requests.at(1)) == " Yes");
        CHECK(items.at(0).target() == "0");
    }

    TEST_CASE("QuAC asks each turn after the earlier ones") {
        const Folder folder;
        folder.write(
            "quac/validation.jsonl",
            R"({"dialogue_id": "d", "wikipedia_page_title": "T", "background": "B", "section_title": "S", "context": "He sang. CANNOTANSWER", )"
            R"("questions": ["What did he?", "Where?"], "answers": {"texts": [["sang"], ["CANNOTANSWER"]]}, "orig_answers": {"texts": ["sang", "CANNOTANSWER"]}})"
            "\n");
        const auto items = render(folder, task_named("paper_quac"));
        REQUIRE(items.size() == 2);
        CHECK(suites_test::prompt_text(items[1].requests.at(0)) ==
              "Title: T\n\nBackground: B\n\nSection: S\nPassage: He sang.\n\nQuestion: What did he?\nAnswer: "
              "sang\n\nQuestion: Where?\nAnswer:");
    }

    TEST_CASE("a field that a row lacks is reported with task and document") {
        const Folder folder;
        folder.write("piqa/validation.jsonl", R"({"goal": "g", "sol1": "a", "sol2": "b", "label": 0})"
                                              "\n"
                                              R"({"goal": "g", "sol1": "a", "label": 0})"
                                              "\n");
        CHECK(complaint([&] { render(folder, task_named("piqa")); }) ==
              "piqa: " + folder.path("piqa/validation.jsonl") + ": row 2: document 1: there is no field \"sol2\"");
        folder.write("piqa/validation.jsonl", R"({"goal": "g", "sol1": "a", "sol2": "b", "label": 2})"
                                              "\n");
        CHECK(complaint([&] { render(folder, task_named("piqa")); }) ==
              "piqa: " + folder.path("piqa/validation.jsonl") +
                  ": row 1: document 0: \"label\" names no choice: 2 is not one of the labels 0, 1");
        CHECK(complaint([&] {
                  render(folder, task_named("siqa"));
              }).find("siqa/validation.jsonl is missing; 'bellwether suites fetch siqa") != std::string::npos);
    }

    TEST_CASE("the demo facts render without any folder") {
        const auto items = task_named("demo_facts").render("/nowhere", {.fewshot = {}, .limit = 2, .seed = 1});
        REQUIRE(items.size() == 2);
        CHECK(items[0].requests.size() == 4);
        CHECK(suites::scored_text(items[0].requests[0]).front() == ' ');
    }
}
