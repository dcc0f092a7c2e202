#include "suites/fetch/data_sets.hpp"

#include <array>

namespace suites::fetch {
namespace {

constexpr std::array kDataSets = {
    DataSet{"agieval", agieval, "v1/SET.jsonl of AGIEval, and few_shot_prompts.csv for examples"},
    DataSet{"arc/ARC-Easy", arc_easy, "ARC-Easy-{Train,Dev,Test}.jsonl, or arc_easy.jsonl of llm-foundry"},
    DataSet{"arc/ARC-Challenge", arc_challenge,
            "ARC-Challenge-{Train,Dev,Test}.jsonl, or arc_challenge.jsonl of llm-foundry"},
    DataSet{"bbh", bbh, "bbh/SUBTASK.json and cot-prompts/SUBTASK.txt of BIG-Bench-Hard"},
    DataSet{"bold", bold, "{gender,political_ideology,profession,race,religious_ideology}_prompt.json"},
    DataSet{"bold/emoji_utf8_lexicon.txt", vader_file, "emoji_utf8_lexicon.txt of vaderSentiment"},
    DataSet{"bold/vader_lexicon.txt", vader_file, "vader_lexicon.txt of vaderSentiment"},
    DataSet{"boolq", boolq, "BoolQ's dev.jsonl and train.jsonl, SuperGLUE's val.jsonl, or boolq.jsonl of llm-foundry"},
    DataSet{"commonsense_qa", commonsense_qa, "dev_rand_split.jsonl and train_rand_split.jsonl"},
    DataSet{"gsm8k", gsm8k, "gsm8k/test.jsonl and gsm8k/train.jsonl"},
    DataSet{"hellaswag", hellaswag,
            "hellaswag_val.jsonl and hellaswag_train.jsonl (AbstainQA's sample is the task hellaswag_abstainqa)"},
    DataSet{"hellaswag/abstainqa", hellaswag_abstainqa, "hellaswag.json of AbstainQA"},
    DataSet{"hendrycks_math", hendrycks_math,
            "MATH/test/SUBJECT/N.json and MATH/train/SUBJECT/N.json, or symbolic_problem_solving/math.jsonl of "
            "llm-foundry"},
    DataSet{"humaneval", humaneval, "HumanEval.jsonl"},
    DataSet{"lambada_openai", lambada, "lambada_test_en.jsonl, or lambada_openai.jsonl of llm-foundry"},
    DataSet{"mbpp", mbpp, "mbpp.jsonl"},
    DataSet{"mmlu", mmlu, "SUBJECT_dev.csv, SUBJECT_test.csv"},
    DataSet{"nq_open", nq_open, "NQ-open.dev.jsonl and NQ-open.train.jsonl"},
    DataSet{"openbookqa", openbookqa, "openbookqa/test.jsonl and openbookqa/train.jsonl"},
    DataSet{"piqa", piqa, "valid.jsonl with valid-labels.lst, train.jsonl with train-labels.lst"},
    DataSet{"quac", quac, "val_v0.2.json"},
    DataSet{"siqa", siqa, "socialiqa's dev.jsonl with dev-labels.lst, train.jsonl with train-labels.lst"},
    DataSet{"squad_v2", squad_v2, "dev-v2.0.json and train-v2.0.json"},
    DataSet{"toxigen/annotated", toxigen_annotated, "annotated_test.csv and annotated_train.csv"},
    DataSet{"toxigen/prompts", toxigen_prompts, "prompts/{hate,neutral}_GROUP_1k.txt"},
    DataSet{"trivia_qa", trivia_qa,
            "web-dev.json, wikipedia-dev.json and both -train.json of triviaqa-rc.tar.gz, or triviaqa_sm_sub.jsonl of "
            "llm-foundry"},
    DataSet{"truthful_qa", truthful_qa, "mc_task.json and TruthfulQA.csv"},
    DataSet{"wikitext", wikitext, "wiki.test.raw"},
    DataSet{"winogrande", winogrande, "winogrande's dev.jsonl and train_xl.jsonl, or winogrande.jsonl of llm-foundry"},
};

}  // namespace

const DataSet* data_set_of(std::string_view file) {
    const DataSet* best = nullptr;
    for (const DataSet& set : kDataSets) {
        if (file.starts_with(set.prefix) && (best == nullptr || set.prefix.size() > best->prefix.size())) best = &set;
    }
    return best;
}

}  // namespace suites::fetch
