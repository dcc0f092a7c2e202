#include "harness/cli/verbs/verbs.hpp"

namespace harness::cli {

void add_all_verbs(Verb& root) {  // NOLINT(readability-function-size): a list
    root.heading("Start here");
    add_demo(root);
    root.heading("Models and devices");
    add_devices(root);
    add_inspect(root);
    add_tokenize(root);
    add_generate(root);
    add_score(root);
    add_perplexity(root);
    add_bench(root);
    add_ladder(root);
    root.heading("Tasks");
    Verb& suites = root.verb("suites", "The benchmark tasks");
    suites.heading("Verbs");
    add_suites_list(suites);
    add_suites_show(suites);
    add_suites_fetch(suites);
    add_suites_check(suites);
    add_suites_render(suites);
    Verb& prompts = root.verb("prompts", "The prompt sets: helpfulness, safety, borderline, and your own");
    prompts.heading("Verbs");
    add_prompts_list(prompts);
    add_prompts_show(prompts);
    add_prompts_check(prompts);
    add_prompts_export(prompts);
    add_prompts_import(prompts);
    Verb& judge = root.verb("judge", "How far a scorer of answers can be believed; which of two runs a model prefers");
    judge.heading("Verbs");
    add_judge_eval(judge);
    add_judge_compare(judge);
    Verb& reward = root.verb("reward", "Reward models: trained from people's preferences, and how far to trust them");
    reward.heading("Verbs");
    add_reward_train(reward);
    add_reward_eval(reward);
    add_reward_distil(reward);
    add_reward_list(reward);
    add_reward_export(reward);
    add_reward_import(reward);
    Verb& rate = root.verb("rate", "Studies in which people rate answers");
    rate.heading("Verbs");
    add_rate_plan(rate);
    add_rate_open_study(rate);
    add_rate_invite(rate);
    add_rate_serve(rate);
    add_rate_status(rate);
    add_rate_export(rate);
    add_rate_import(rate);
    root.heading("Runs");
    add_run(root);
    add_rescore(root);
    add_runs(root);
    add_show(root);
    add_compare(root);
    add_report(root);
    add_baseline(root);
    add_gate(root);
    add_export(root);
    add_import(root);
    add_merge(root);
    root.heading("For programs");
    add_schema(root);
    root.note(
        "Exit codes: 0 done, 1 the check failed, 2 the call or its input was wrong, 3 the work failed. 'gate' has two "
        "more.");
    root.note("'bellwether VERB --help' explains each verb.");
}

}  // namespace harness::cli
