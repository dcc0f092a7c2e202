#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "harness/cli/checks.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/options.hpp"
#include "harness/cli/version.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

std::string default_database() {
    const char* named = std::getenv("BELLWETHER_DB");
    return named != nullptr && *named != '\0' ? named : "bellwether.sqlite";
}

constexpr const char* kModelHelp = "GGUF file, or demo:base, demo:helpful, demo:chat";
constexpr const char* kRunHelp = "Run: its number, the start of its plan hash, or 'latest'";

/// Builds the command tree. `result` receives the options struct of the verb that was called.
class Parser {
public:
    explicit Parser(Options& result)
        : result_(result), app_("Bellwether: evaluation and safety benchmarks for Llama 2") {
        app_.name("bellwether");
        app_.require_subcommand(1);
        app_.set_version_flag("--version", std::string("bellwether ") + kVersion);
        app_.footer(
            "Exit codes: 0 done, 1 the check failed, 2 the call or its input was wrong, 3 the work failed.\n"
            "'bellwether VERB --help' explains each verb.");
        model_verbs();
        suite_verbs();
        run_verbs();
    }

    void parse(int count, const char* const* arguments) {
        try {
            app_.parse(count, arguments);
        } catch (const CLI::CallForHelp&) {
            result_ = PrintOptions{help_of(*deepest(&app_))};
        } catch (const CLI::CallForVersion&) {
            result_ = PrintOptions{app_.version() + "\n"};
        } catch (const CLI::ParseError& error) {
            const CLI::App* verb = deepest(&app_);
            const std::string path = path_of(verb);
            const auto words = static_cast<int>(std::count(path.begin(), path.end(), ' ')) + 1;
            const std::string next = count > words ? arguments[words] : "";
            const std::string problem =
                is_unknown_verb(*verb, next) ? unknown_verb(*verb, next) : std::string(error.what());
            throw UsageError(problem + (problem.ends_with('?') ? "" : ".") + " See '" + path + " --help'.");
        }
    }

private:
    static const CLI::App* deepest(const CLI::App* app) {
        for (const auto picked = app->get_subcommands(); !picked.empty();) return deepest(picked.front());
        return app;
    }

    /// "bellwether suites show".
    static std::string path_of(const CLI::App* app) {
        std::string path;
        for (; app != nullptr; app = app->get_parent()) path = app->get_name() + (path.empty() ? "" : " ") + path;
        return path;
    }

    static std::string help_of(const CLI::App& verb) {
        std::string help = verb.help(verb.get_parent() == nullptr ? "" : path_of(verb.get_parent()));
        // What CLI11 says of arguments that may stand several times.
        constexpr std::string_view kSeveral = "(1x)";
        for (std::size_t at = 0; (at = help.find(kSeveral, at)) != std::string::npos;)
            help.replace(at, kSeveral.size(), "...");
        return help;
    }

    static bool is_unknown_verb(const CLI::App& parent, const std::string& word) {
        return parent.get_require_subcommand_min() > 0 && !word.empty() && !word.starts_with('-');
    }

    static std::string unknown_verb(const CLI::App& parent, const std::string& word) {
        std::set<std::string> known;
        for (const CLI::App* verb : parent.get_subcommands({})) known.insert(verb->get_name());
        return "there is no verb '" + word + "'" + suites::suggestion(word, known);
    }

    template <class Value>
    static CLI::Option* number_option(CLI::App* command, const std::string& name, Value& value,
                                      const std::string& help) {
        return command->add_option(name, value, help)->check(check_whole_number);
    }

    /// A verb whose options live as long as the parser and are handed over when it is called.
    template <class Verb>
    std::pair<CLI::App*, Verb*> verb(CLI::App& parent, const std::string& name, const std::string& help) {
        auto options = std::make_shared<Verb>();
        CLI::App* command = parent.add_subcommand(name, help);
        command->callback([this, options] { result_ = *options; });
        return {command, options.get()};
    }

    static void json_flag(CLI::App* command, bool& json) {
        command->add_flag("--json", json, "Print JSON instead of text");
    }

    static void database_option(CLI::App* command, std::string& database) {
        database = default_database();
        command->add_option("--db", database, "Database file (default $BELLWETHER_DB or bellwether.sqlite)")
            ->check(check_not_empty);
    }

    static void sampling_options(CLI::App* command, float& temperature, float& top_p, std::uint32_t& top_k) {
        command->add_option("--temperature", temperature, "0 is greedy")
            ->check(check_no_nan)
            ->check(CLI::Range(0.0F, 100.0F));
        command->add_option("--top-p", top_p, "Keep the most probable tokens up to this mass")
            ->check(check_no_nan)
            ->check(CLI::Range(0.0F, 1.0F));
        command->add_option("--top-k", top_k, "Keep this many tokens (0: all)");
    }

    void model_verbs() {
        {
            auto [command, options] =
                verb<DemoOptions>(app_, "demo", "The whole tour: run, compare and report the embedded models");
            options->out = "bellwether-demo";
            command->add_option("--out", options->out, "Folder for the database and the report")->capture_default_str();
            engine_options(command, options->engine);
        }
        {
            auto [command, options] =
                verb<DevicesOptions>(app_, "devices", "Vulkan devices and what the engine uses on each");
            json_flag(command, options->json);
        }
        {
            auto [command, options] =
                verb<InspectOptions>(app_, "inspect", "Hyperparameters, tensors, memory and warnings of a model");
            command->add_option("MODEL", options->model, kModelHelp)->required();
            command->add_flag("--tensors", options->tensors, "List every tensor");
            engine_options(command, options->engine);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<TokenizeOptions>(app_, "tokenize", "Token ids and pieces of a text");
            command
                ->add_option("MODEL", options->model, "GGUF file (also vocabulary only), tokenizer.model, or demo:NAME")
                ->required();
            command->add_option("TEXT", options->text, "The text; put -- before a text that starts with -")->required();
            command->add_flag("--no-bos", options->no_bos, "Do not put BOS in front");
            command->add_flag("--chat", options->chat, "TEXT is a user's message in the Llama 2 chat format");
            command->add_option("--system", options->system_prompt, "System prompt, with --chat");
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<GenerateOptions>(app_, "generate", "Continue a prompt");
            command->add_option("MODEL", options->model, kModelHelp)->required();
            command->add_option("--prompt", options->prompt, "Text to continue; empty: from BOS alone");
            command
                ->add_option("--ids", options->prompt_ids,
                             "With a value: prompt as comma-separated ids, taken as they are. Alone: print the ids too")
                ->expected(0, 1);
            command->add_flag("--chat", options->chat, "The prompt is a user's message in the Llama 2 chat format");
            command->add_option("--system", options->system_prompt, "System prompt, with --chat");
            command->add_option("--max-tokens", options->max_tokens, "Tokens to generate at most")
                ->capture_default_str();
            number_option(command, "--seed", options->sampling.seed, "Seed of the sampling")->capture_default_str();
            sampling_options(command, options->sampling.temperature, options->sampling.top_p, options->sampling.top_k);
            engine_options(command, options->engine);
            json_flag(command, options->json);
        }
        {
            auto [command, options] =
                verb<ScoreOptions>(app_, "score", "Log-probability of a continuation, token by token");
            command->add_option("MODEL", options->model, kModelHelp)->required();
            command->add_option("--context", options->context, "Text before");
            command->add_option("--continuation", options->continuation, "Text to score");
            command->add_option("--context-ids", options->context_ids, "Comma-separated ids, taken as they are");
            command->add_option("--continuation-ids", options->continuation_ids,
                                "Comma-separated ids, taken as they are");
            engine_options(command, options->engine, ContextOption::No);
            json_flag(command, options->json);
        }
        {
            auto [command, options] =
                verb<PerplexityOptions>(app_, "perplexity", "Rolling log-likelihood of a text file");
            command->add_option("MODEL", options->model, kModelHelp)->required();
            command->add_option("FILE", options->file, "Text file")->required();
            engine_options(command, options->engine);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<BenchOptions>(
                app_, "bench", "Rates, scoring behind shared examples and memory, beside the device's own ceilings");
            command->add_option("MODEL", options->model, kModelHelp)->required();
            bench_options(command, *options);
            CLI::Option* tasks = command->add_option(
                "--task", options->tasks,
                "Instead of rates: scores of these tasks in exact and in fast numerics, and how far they are apart");
            number_option(command, "--limit", options->run.limit, "The first N documents of each task")
                ->check(check_count)
                ->needs(tasks);
            data_option(command, options->run.data_dir);
            json_flag(command, options->json);
        }
    }

    void suite_verbs() {
        CLI::App* suites = app_.add_subcommand("suites", "The benchmark tasks");
        suites->require_subcommand(1);
        {
            auto [command, options] = verb<SuitesListOptions>(*suites, "list", "All tasks and groups");
            tasks_option(command);
            json_flag(command, options->json);
        }
        {
            auto [command, options] =
                verb<SuitesShowOptions>(*suites, "show", "Definition, data files, source and licence of tasks");
            tasks_option(command);
            command->add_option("NAME", options->name, "Task or group")->required();
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<SuitesFetchOptions>(
                *suites, "fetch", "Bring a data set into the data folder: download it, or convert local files");
            tasks_option(command);
            command->add_option("NAME", options->names, "Tasks and groups, separated by commas")->required();
            command
                ->add_option("--from", options->from,
                             "Folder with the files in their original formats; without it they are downloaded over "
                             "HTTPS (HTTPS_PROXY is honoured) and checked by size and SHA-256")
                ->check(CLI::ExistingDirectory);
            data_option(command, options->data_dir);
        }
        {
            auto [command, options] =
                verb<SuitesCheckOptions>(*suites, "check", "Check a task or group file, or all built-in tasks");
            tasks_option(command);
            command->add_option("FILE", options->file, "Task definition (JSON)");
        }
        {
            auto [command, options] =
                verb<SuitesRenderOptions>(*suites, "render", "The exact requests of a task, without a model");
            tasks_option(command);
            command->add_option("NAME", options->name, "Tasks and groups, separated by commas")->required();
            data_option(command, options->data_dir);
            number_option(command, "--limit", options->limit, "The first N documents")->check(check_count);
            command->add_option("--fewshot", options->fewshot, "Examples before each question");
            number_option(command, "--seed", options->seed, "Seed of the few-shot draws")->capture_default_str();
            command->add_flag("--jsonl", options->jsonl, "One JSON object per request");
        }
    }

    /// Adds tasks and groups to those built in, before the verb runs.
    static void tasks_option(CLI::App* command) {
        command->add_option_function<std::vector<std::string>>(
            "--tasks",
            [](const std::vector<std::string>& folders) {
                for (const std::string& folder : folders) suites::Catalog::shared().add_folder(folder);
            },
            "Folder with task and group files of your own (*.json), beside those built in");
    }

    static void data_option(CLI::App* command, std::string& data_dir) {
        data_dir = suites::default_data_dir();
        command
            ->add_option("--data", data_dir, "Data folder (default $XDG_CACHE_HOME/bellwether or ~/.cache/bellwether)")
            ->check(check_not_empty);
    }

    static CLI::Option* against_option(CLI::App* command, std::string& against) {
        return command->add_option("--against", against,
                                   "Published numbers of this model beside the runs', e.g. llama-2-7b");
    }

    void run_verbs() {
        {
            auto [command, options] =
                verb<RunVerbOptions>(app_, "run", "Evaluate models; goes on where a stopped run was");
            command->add_option("--model", options->models, kModelHelp)->required()->expected(1, 64)->delimiter(',');
            command->add_option("--suite", options->suites, "Tasks and groups, separated by commas")->required();
            tasks_option(command);
            database_option(command, options->database);
            data_option(command, options->run.data_dir);
            number_option(command, "--limit", options->run.limit, "The first N documents of each task")
                ->check(check_count);
            command
                ->add_option_function<std::string>(
                    "--shard",
                    [options = options](const std::string& text) {
                        try {
                            options->shard = run::Shard::parse(text);
                        } catch (const std::invalid_argument& error) {
                            throw CLI::ValidationError("--shard", error.what());
                        }
                    },
                    "Only part I of N, as in 2/4: of each task every Nth item from the Ith on; 'merge' puts the "
                    "databases of all parts together")
                ->type_name("I/N");
            command->add_option("--fewshot", options->run.fewshot,
                                "Examples before each question (default: the task's)");
            number_option(command, "--seed", options->run.seed, "Seed of the few-shot draws")->capture_default_str();
            number_option(command, "--sampling-seed", options->run.sampling_seed, "Seed of the sampling")
                ->capture_default_str();
            sampling_options(command, options->run.temperature, options->run.top_p, options->run.top_k);
            command->add_flag("--chat", options->run.chat, "Put every prompt into the Llama 2 chat format");
            command->add_option("--system", options->run.system_prompt,
                                "System prompt, for prompts in the chat format");
            command->add_flag_callback(
                "--no-bos", [options = options] { options->run.bos = model::BosProfile::None; },
                "Do not put BOS before prompts (as lm-evaluation-harness before 0.4.9.2)");
            command->add_flag(
                "--allow-code-execution", options->allow_code_execution,
                "Run model-written Python of tasks such as humaneval, each program in a bubblewrap sandbox");
            command->add_flag(
                "--cut-questions", options->run.cut_questions,
                "Ask questions that do not fit the model's context too, cut on the left (default: an error)");
            command->add_flag_callback(
                "--no-reuse", [options = options] { options->engine.reuse = false; },
                "Compute shared prefixes again for every request: slower, the same bits");
            command->add_flag("-v,--verbose", options->verbose, "Say how many tokens were computed, of how many asked");
            engine_options(command, options->engine);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<RunsOptions>(app_, "runs", "All runs in the database");
            database_option(command, options->database);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<ShowOptions>(app_, "show", "Scores of a run, or everything about one item");
            command->add_option("RUN", options->run, kRunHelp)->required();
            database_option(command, options->database);
            number_option(command, "--item", options->item, "Document number");
            command->add_option("--task", options->task, "Task of the item (default: every task of the run)");
            against_option(command, options->against);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<CompareOptions>(app_, "compare", "Paired comparison of two runs");
            command->add_option("FIRST", options->first, kRunHelp)->required();
            command->add_option("SECOND", options->second, kRunHelp)->required();
            database_option(command, options->database);
            options->tolerance = 0.001;
            auto* items =
                command->add_flag("--items", options->items,
                                  "Every item whose prompt, continuation, output, log-probability or verdict differs");
            command
                ->add_option("--tolerance", options->tolerance,
                             "With --items: log-probabilities this far apart are the same")
                ->check(check_no_nan)
                ->check(CLI::NonNegativeNumber)
                ->capture_default_str()
                ->needs(items);
            command
                ->add_flag("--expect-identical", options->expect_identical,
                           "With --items: exit code 1 when anything differs")
                ->needs(items);
            against_option(command, options->against)->excludes(items);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<ExportOptions>(app_, "export", "Every item with its requests and scores");
            command->add_option("RUN", options->run, kRunHelp)->required();
            database_option(command, options->database);
            options->format = "jsonl";
            auto* jsonl = command->add_flag("--jsonl", options->jsonl, "One JSON object per item (the default)");
            command
                ->add_option(
                    "--format", options->format,
                    "jsonl, or lm-eval: results_*.json and samples_*.jsonl as lm-evaluation-harness writes them")
                ->check(CLI::IsMember({"jsonl", "lm-eval"}))
                ->excludes(jsonl)
                ->capture_default_str();
            command->add_option("--out", options->out, "File (default: standard output); for lm-eval the folder");
        }
        {
            auto [command, options] =
                verb<MergeOptions>(app_, "merge", "Databases of the shards of a run, as one database of whole runs");
            command->add_option("OUT", options->out, "Database to make")->required();
            command->add_option("SHARD", options->stores, "Databases that 'run --shard' made")
                ->required()
                ->expected(1, 10000);
            command->add_option("--plan", options->plan,
                                "Only the run whose plan begins so ('runs' shows it; default: all runs)");
            command->add_flag("--allow-missing", options->allow_missing,
                              "Merge although items are missing; 'run' on the merged database computes them");
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<ImportOptions>(app_, "import", "Sample logs of another harness, as a run");
            command->add_option("FILE", options->files, "Logs of one model: samples_TASK_DATE.jsonl, also .gz")
                ->required()
                ->expected(1, 10000);
            options->format = "lm-eval";
            command->add_option("--format", options->format, "lm-eval: lm-evaluation-harness with --log_samples")
                ->check(CLI::IsMember({"lm-eval"}))
                ->capture_default_str();
            command->add_option("--model", options->model,
                                "What to list the run as (default: the name in results_DATE.json beside the log)");
            command->add_option("--profile", options->profile,
                                "Profile of the tasks (default: the one in results_DATE.json, else lmeval)");
            database_option(command, options->database);
            json_flag(command, options->json);
        }
        {
            auto [command, options] = verb<ReportOptions>(app_, "report", "Report of one run or several side by side");
            command->add_option("RUN", options->runs, kRunHelp)->required()->expected(1, 16);
            database_option(command, options->database);
            command->add_option("--out", options->out, "File: .html, .md or .json")->required();
            against_option(command, options->against);
            options->shown_items = 200;
            number_option(command, "--items", options->shown_items, "Items per task to browse in the page")
                ->capture_default_str();
        }
    }

    Options& result_;
    CLI::App app_;
};

}  // namespace

Options parse(int argument_count, const char* const* arguments) {
    Options result;
    Parser parser(result);
    parser.parse(argument_count, arguments);
    if (auto* generate = std::get_if<GenerateOptions>(&result); generate != nullptr && generate->prompt_ids) {
        // A bare --ids asks for the ids in the output.
        if (generate->prompt_ids->empty() || *generate->prompt_ids == "true") {
            generate->prompt_ids.reset();
            generate->show_ids = true;
        }
    }
    return result;
}

}  // namespace harness::cli
