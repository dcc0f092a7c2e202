#pragma once

#include "harness/cli/verb.hpp"

namespace harness::cli {

/// Adds all verbs, in the order of the program's help.
void add_all_verbs(Verb& root);

// Each adds one verb, defined in the file of its name.
void add_demo(Verb& root);
void add_devices(Verb& root);
void add_inspect(Verb& root);
void add_tokenize(Verb& root);
void add_generate(Verb& root);
void add_score(Verb& root);
void add_perplexity(Verb& root);
void add_bench(Verb& root);
void add_ladder(Verb& root);
void add_suites_list(Verb& suites);
void add_suites_show(Verb& suites);
void add_suites_fetch(Verb& suites);
void add_suites_check(Verb& suites);
void add_suites_render(Verb& suites);
void add_prompts_list(Verb& prompts);
void add_prompts_show(Verb& prompts);
void add_prompts_check(Verb& prompts);
void add_prompts_export(Verb& prompts);
void add_prompts_import(Verb& prompts);
void add_judge_eval(Verb& judge);
void add_judge_compare(Verb& judge);
void add_reward_train(Verb& reward);
void add_reward_eval(Verb& reward);
void add_reward_distil(Verb& reward);
void add_reward_list(Verb& reward);
void add_reward_export(Verb& reward);
void add_reward_import(Verb& reward);
void add_rate_plan(Verb& rate);
void add_rate_open_study(Verb& rate);
void add_rate_invite(Verb& rate);
void add_rate_serve(Verb& rate);
void add_rate_status(Verb& rate);
void add_rate_export(Verb& rate);
void add_rate_import(Verb& rate);
void add_run(Verb& root);
void add_rescore(Verb& root);
void add_runs(Verb& root);
void add_show(Verb& root);
void add_compare(Verb& root);
void add_export(Verb& root);
void add_merge(Verb& root);
void add_import(Verb& root);
void add_report(Verb& root);
void add_baseline(Verb& root);
void add_gate(Verb& root);
void add_schema(Verb& root);

}  // namespace harness::cli
