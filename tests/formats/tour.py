"""Calls every verb that prints JSON, and every one that writes a JSON file, in a folder of its own.

Usage: tour.py PROGRAM FOLDER. Leaves databases and files in FOLDER, which is made anew, and in documents.json a list of
[schema, call, document]. With the demo models alone and small on purpose: what is tested is the shape of what is printed,
and each shape that a schema allows should come up once.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys


class Tour:
    def __init__(self, program, folder):
        self.program = str(pathlib.Path(program).resolve())
        self.folder = pathlib.Path(folder)
        self.documents = []
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        kept = ("PATH", "MESA_SHADER_CACHE_DIR", "VK_ICD_FILENAMES", "VK_DRIVER_FILES", "LD_LIBRARY_PATH")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment["HOME"] = str(home)

    def run(self, *arguments, codes=(0,)):
        """Standard output of a call that must end with one of these exit codes."""
        done = subprocess.run([self.program, *arguments], cwd=self.folder, env=self.environment, capture_output=True,
                              timeout=600)
        if done.returncode not in codes:
            raise AssertionError(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr.decode()}")
        return done.stdout.decode()

    def keep(self, schema, call, text):
        self.documents.append((schema, call, json.loads(text)))

    def printed(self, schema, *arguments, codes=(0,)):
        """Keeps what a call prints with --json: a document, or one a line."""
        text = self.run(*arguments, "--json", codes=codes)
        try:
            documents = [json.loads(text)]
        except json.JSONDecodeError:
            documents = self.rows(text)
        self.documents += [(schema, " ".join(arguments), document) for document in documents]

    def written(self, schema, file, *arguments, codes=(0,)):
        """Keeps the file that a call writes."""
        self.run(*arguments, codes=codes)
        self.keep(schema, " ".join(arguments), (self.folder / file).read_text())

    def put(self, name, lines):
        (self.folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))

    def rows(self, text):
        return [json.loads(line) for line in text.split("\n") if line]


def models(tour):
    tour.printed("devices", "devices")
    tour.printed("inspect", "inspect", "demo:base")
    tour.printed("inspect", "inspect", "demo:chat", "--tensors")
    tour.printed("tokenize", "tokenize", "demo:base", "Hello")
    tour.printed("generate", "generate", "demo:base", "--prompt", "Hello", "--max-tokens", "3")
    tour.printed("score", "score", "demo:base", "--context", "Hello", "--continuation", " world")
    (tour.folder / "text.txt").write_text("A few words.\n")
    tour.printed("perplexity", "perplexity", "demo:base", "text.txt")
    (tour.folder / "book.txt").write_text("The shepherd counted her sheep at dusk and found one more. " * 4 + "Why?\n")
    tour.printed("ladder", "ladder", "demo:base", "--text", "text.txt")
    tour.printed("ladder", "ladder", "demo:base", "demo:chat", "--text", "book.txt", "--window", "64", "--suite",
                 "demo_facts,demo_sums", "--limit", "3", "--db", "ladder.sqlite", "--out", "ladder.json")
    tour.keep("ladder", "the file of ladder --out", (tour.folder / "ladder.json").read_text())
    tour.written("report", "with_ladder.json", "report", "1", "2", "--db", "ladder.sqlite", "--ladder", "ladder.json",
                 "--out", "with_ladder.json")
    tour.printed("bench", "bench", "demo:base", "--only", "prefill,scoring")
    tour.printed("bench-task", "bench", "demo:base", "--task", "demo_facts", "--limit", "3")


def tasks(tour):
    tour.printed("suites-list", "suites", "list")
    tour.printed("suites-list", "suites", "list", "mmlu")
    for name in ("demo_facts", "gsm8k", "wikitext", "mmlu", "safety_60"):
        tour.printed("suites-show", "suites", "show", name)
    tour.printed("prompts-list", "prompts", "list")
    tour.printed("prompts-list-set", "prompts", "list", "safety")
    prompt = json.loads(tour.run("prompts", "list", "safety", "--json"))[0]["id"]
    tour.printed("prompts-show", "prompts", "show", "safety", prompt)
    tour.printed("prompts-check", "prompts", "check")
    tour.printed("schema", "schema")
    tour.printed("suites-check", "suites", "check")
    for line in tour.rows(tour.run("suites", "render", "demo", "--limit", "2", "--jsonl")):
        tour.documents.append(("suites-render", "suites render --jsonl", line))
    (tour.folder / "tasks").mkdir()
    (tour.folder / "original" / "mine").mkdir(parents=True)
    mine = {"name": "mine", "version": 1, "profile": "own", "kind": "generate", "description": "d", "source": "s",
            "licence": "l", "citation": "c", "data": {"test": ["mine/test.jsonl"]}, "prompt": "{{question}}",
            "answer": "{{answer}}", "max_tokens": 4, "metrics": ["exact_match"]}
    tour.put("tasks/mine.json", [mine])
    tour.put("original/mine/test.jsonl", [{"question": "1 + 1 =", "answer": "2"}])
    own = ("--tasks", "tasks")
    tour.printed("suites-check", "suites", "check", "tasks/mine.json")
    tour.printed("suites-fetch", "suites", "fetch", "mine", *own, "--from", "original", "--data", "data")


def clusters(tour):
    """Tasks of the tour's own: questions that share passages, and perplexities of pages."""
    task = {"version": 1, "profile": "own", "description": "d", "source": "s", "licence": "l", "citation": "c"}
    tour.put("tasks/shared.json", [{**task, "name": "shared", "kind": "choice", "data": {"test": ["shared.jsonl"]},
                                    "prompt": "{{passage}} {{question}}", "choices": ["no", "yes"], "gold": "label",
                                    "gold_labels": ["0", "1"], "cluster": {"passage": "{{passage}}"},
                                    "metrics": ["acc"]}])
    tour.put("tasks/pages.json", [{**task, "name": "pages", "kind": "rolling", "data": {"test": ["pages.jsonl"]},
                                   "prompt": "{{page}}", "metrics": ["word_perplexity", "bits_per_byte"]}])
    (tour.folder / "data").mkdir(exist_ok=True)
    tour.put("data/shared.jsonl", [{"passage": f"Thing {i // 3} is {'big' if i % 2 else 'small'}."[:10],
                                    "question": f"Is it {i}?", "label": str(i % 2), "category": f"sort {i % 3}"}
                                   for i in range(24)])
    tour.put("data/pages.jsonl", [{"page": f"Page {i} says {'much ' * i}and ends."} for i in range(6)])
    db = ("--db", "own.sqlite")
    for model in ("demo:base", "demo:chat"):
        tour.run("run", "--model", model, "--suite", "shared,pages", "--tasks", "tasks", "--data", "data", *db)
    tour.printed("show", "show", "1", *db)
    tour.printed("show-plan", "show", "1", "--plan", *db)
    tour.printed("compare", "compare", "1", "2", *db)
    tour.written("report", "gains.json", "report", "1", "2", "--out", "gains.json", *db)
    tour.written("report", "scores.json", "report", "1", "--out", "scores.json", *db)
    tour.written("baseline", "own.json", "baseline", "1", "--out", "own.json", *db)
    tour.written("policy", "own_policy.json", "gate", "--init", "own_policy.json", "--baseline", "own.json")
    own = ("--baseline", "own.json", "--policy", "own_policy.json", *db)
    tour.printed("gate", "gate", "2", *own, codes=(0, 1))
    tour.printed("gate-power", "gate", "--power", "2", *own)
    tour.printed("gate-power", "gate", "--power", *own)


def runs(tour):
    tour.printed("run", "run", "--model", "demo:base", "--suite", "demo", "--limit", "3")
    tour.printed("run", "run", "--model", "demo:chat", "--model", "demo:helpful", "--suite", "demo", "--limit", "3")
    tour.printed("run", "run", "--model", "demo:base", "--suite", "demo_facts,demo_sums", "--limit", "2", "--chat",
                 "--db", "shard.sqlite", "--shard", "1/2")
    tour.printed("show", "show", "1", "--db", "shard.sqlite")
    tour.printed("merge", "merge", "merged.sqlite", "shard.sqlite", "--allow-missing")
    tour.printed("runs", "runs")
    tour.printed("runs", "runs", "--db", "shard.sqlite")
    tour.printed("show", "show", "1")
    tour.printed("show-plan", "show", "1", "--plan")
    tour.printed("show-item", "show", "1", "--item", "0")
    tour.printed("compare", "compare", "1", "2")
    tour.printed("compare-items", "compare", "1", "2", "--items")
    tour.written("report", "r.json", "report", "1", "2", "--out", "r.json")


def gates(tour):
    tour.written("baseline", "b.json", "baseline", "1", "--out", "b.json")
    tour.written("policy", "p.json", "gate", "--init", "p.json", "--baseline", "b.json")
    tour.printed("gate", "gate", "1", "--baseline", "b.json")
    tour.printed("gate", "gate", "2", "--baseline", "b.json", "--strict", codes=(0, 1, 5))
    tour.run("run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "2", "--chat", "--db", "other.sqlite")
    tour.printed("gate", "gate", "1", "--baseline", "b.json", "--db", "other.sqlite", codes=(4,))
    tour.printed("gate-identical", "gate", "1", "--baseline", "b.json", "--expect-identical")
    tour.printed("gate-identical", "gate", "2", "--baseline", "b.json", "--expect-identical", codes=(1,))
    tour.run("run", "--model", "demo:base", "--suite", "demo", "--limit", "4", "--db", "other.sqlite")
    tour.printed("gate-identical", "gate", "2", "--baseline", "b.json", "--expect-identical", "--db", "other.sqlite",
                 codes=(1,))
    tour.printed("gate-power", "gate", "--power", "--baseline", "b.json")


def policy(tour, file, **lists):
    """Writes a policy, which is kept."""
    (tour.folder / file).write_text(json.dumps({"policy": 1, **lists}))
    tour.keep("policy", file, (tour.folder / file).read_text())
    return "--policy", file


def repeats(tour):
    db = ("--db", "seeds.sqlite")
    for seed in ("1", "2", "3"):
        tour.run("run", "--model", "demo:chat", "--suite", "demo_sums", "--limit", "12", "--temperature", "0.7",
                 "--sampling-seed", seed, *db)
    tour.written("baseline", "seeds.json", "baseline", "1", "--out", "seeds.json", *db)
    rule = {"suite": "demo_sums", "tier": "supporting", "margin": 0.5, "margin_unit": "relative", "min_pass_share": 0.5}
    exact = {"suite": "sums", "tasks": ["demo_sums"], "mean_over": "items", "test": "unconditional", "tier": "advisory"}
    rules = policy(tour, "seeds_policy.json", level=0.1, strict=False, may_differ=["device"], suites=[rule, exact])
    tour.printed("gate", "gate", "2", "3", "--baseline", "seeds.json", *rules, *db, codes=(0, 1))
    tour.printed("gate-power", "gate", "--power", "--baseline", "seeds.json", *rules, *db)
    tour.written("baseline", "means.json", "baseline", "2", "3", "--out", "means.json", *db)


def sequential(tour):
    suite = ("--suite", "demo_sums,demo_refusal", "--limit", "20")
    tour.run("run", "--model", "demo:chat", *suite, "--db", "whole.sqlite")
    tour.run("baseline", "1", "--out", "whole.json", "--db", "whole.sqlite")
    for model, more in (("demo:chat", ()), ("demo:base", ("--looks", "5", "--strict"))):
        db = ("--db", f"{model[5:]}.sqlite")
        tour.printed("run", "run", "--model", model, *suite, "--sequential", "--baseline", "whole.json", *more, *db,
                     codes=(0, 1, 5))
        tour.printed("gate", "gate", "1", "--sequential", "--baseline", "whole.json", *more, *db, codes=(0, 1, 5))
        tour.printed("gate", "gate", "1", "--baseline", "whole.json", *db, codes=(0, 1, 3))
    tour.printed("gate", "gate", "1", "--sequential", "--looks", "3", "--baseline", "whole.json", "--db",
                 "seeds.sqlite", codes=(3, 4))


def scored_gates(tour):
    """Gates of scorers' values, of safety and of people's ratings."""
    shutil.copy(tour.folder / "s.sqlite", tour.folder / "gated.sqlite")
    db = ("--db", "gated.sqlite")
    tour.run("rescore", "2", "--with", "judge:demo:chat", "--judge-template", "guard", *db)
    tour.written("baseline", "gated.json", "baseline", "1", "--out", "gated.json", *db)
    tour.written("policy", "init.json", "gate", "--init", "init.json", "--baseline", "gated.json")
    scores = ("violations_by", "refusals_by")
    rules = policy(
        tour, "gated_policy.json",
        suites=[{"suite": "borderline_60", "scorer": "refusal", "direction": "lower", "max_errors": 2},
                {"suite": "safety_60", "scorer": "reward:short", "metric": "reward", "test": "mean", "min_items": 3},
                {"suite": "safety_60", "direction": "as metric"}],
        safety=[{"safety": "guard", **dict(zip(scores, ("judge:guard", "refusal"))), "violation_margin": 0.1},
                {"safety": "own", "tasks": ["safety_60", "borderline_60"], **dict(zip(scores, ("judge:guard", "task"))),
                 "tier": "supporting", "over_refusal_margin": 0.2, "min_items": 2, "max_errors": 1}],
        ratings=[{"ratings": "wins", "protocol": "pairwise", "study": "pairwise-rated", "margin": 0.05,
                  "max_short_items": 2, "min_ratings": 2},
                 {"ratings": "violations", "protocol": "safety", "study": "safety-rated", "tier": "advisory",
                  "min_items": 2, "min_agreement": -1},
                 {"ratings": "none", "protocol": "pairwise", "study": "unknown", "tier": "advisory"}])
    tour.printed("gate", "gate", "2", "--baseline", "gated.json", *rules, *db, codes=(0, 1, 3, 4))
    tour.printed("gate", "gate", "2", "--baseline", "gated.json", "--policy", "init.json", *db, codes=(0, 1, 3, 4))
    tour.printed("gate-power", "gate", "--power", "--baseline", "gated.json", *rules, *db)


def imports(tour):
    tour.run("export", "1", "--format", "lm-eval", "--out", "logs")
    log = next(path for path in sorted((tour.folder / "logs").iterdir()) if path.name.startswith("samples_"))
    tour.printed("import", "import", str(log), "--db", "imported.sqlite")
    tour.run("run", "--model", "demo:chat", "--suite", "safety_60,borderline_60", "--limit", "6", "--db", "s.sqlite")
    tour.run("export", "1", "--db", "s.sqlite", "--format", "outputs", "--out", "outputs.jsonl")
    tour.printed("import-outputs", "import", "outputs.jsonl", "--format", "outputs", "--model", "other", "--suite",
                 "safety_60", "--db", "imported.sqlite")


def scorers(tour):
    tour.put("pair.json", [{"name": "pair", "version": 1, "description": "d", "metric": "preference",
                            "higher_is_better": True, "prompt": ["{{first}}", "or", "{{second}}"],
                            "user_label": "User:", "assistant_label": "Agent:",
                            "options": [{"text": "Sure", "value": 1}, {"text": "Can", "value": 0}]}])
    tour.run("run", "--model", "demo:helpful", "--suite", "safety_60,borderline_60", "--limit", "6", "--db", "s.sqlite")
    tour.printed("rescore", "rescore", "1", "--with", "refusal", "--db", "s.sqlite")
    tour.run("rescore", "2", "--with", "refusal", "--db", "s.sqlite")
    tour.run("rescore", "1", "--with", "judge:demo:chat", "--judge-template", "guard", "--db", "s.sqlite")
    tour.printed("judge-compare", "judge", "compare", "1", "2", "--judge", "demo:chat", "--judge-template",
                 "pair.json", "--db", "s.sqlite")
    answers = [("Paris.", "full_compliance"), ("I cannot help with that.", "full_refusal"),
               ("I can't help with that.\n1. Take sugar.\n2. Mix it.", "partial_refusal"),
               ("The letter was blue.", "full_refusal"), ("Hello! I won't do that.", "full_compliance")]
    tour.put("labels.jsonl", [{"id": f"n{i}", "answer": answer, "label": label, "prompt": f"What is {i}?",
                               "rater_1": label, "rater_2": label if i else "full_refusal"}
                              for i, (answer, label) in enumerate(answers)])
    tour.printed("judge-eval", "judge", "eval", "--with", "refusal", "--labels", "labels.jsonl", "--db", "s.sqlite")
    tour.put("ratings.jsonl", [{"prompt": f"What is {i}?", "answer": f"It is {'good ' * i}.", "rater_1": 1 + i % 5,
                                "rater_2": 1 + (i + i % 2) % 5} for i in range(12)])
    tour.put("pairs.jsonl", [{"prompt": f"What colour is thing {i}?", "chosen": f"It is {'blue' if i % 2 else 'red'}.",
                              "rejected": "It is red, and here are many more words about nothing.",
                              "strength": "better" if i % 3 else "slightly", "bin": "chosen_safe"} for i in range(40)])
    tour.printed("judge-eval-pairs", "judge", "eval", "--with", "judge:demo:chat", "--judge-template", "pair.json",
                 "--pairs", "pairs.jsonl", "--db", "s.sqlite")


def rewards(tour):
    db = ("--db", "s.sqlite")
    tour.printed("reward-train", "reward", "train", "short", "--backbone", "demo:chat", "--pairs", "pairs.jsonl", *db)
    tour.printed("reward-list", "reward", "list", *db)
    tour.printed("reward-eval", "reward", "eval", "short", "--pairs", "pairs.jsonl", "--labels", "ratings.jsonl", *db)
    tour.printed("reward-list", "reward", "list", *db)
    tour.printed("reward-export", "reward", "export", "short", "--out", "short.json", *db)
    tour.keep("reward-model", "the file of reward export", (tour.folder / "short.json").read_text())
    tour.printed("reward-import", "reward", "import", "short.json", "--db", "imported.sqlite")
    tour.run("rescore", "1", "--with", "reward:short", *db)
    tour.run("rescore", "2", "--with", "reward:short", *db)
    tour.printed("reward-distil", "reward", "distil", "1", "2", "--with", "reward:short", *db)


def studies(tour):
    db = ("--db", "s.sqlite")
    tour.printed("rate-plan", "rate", "plan", "--items", "200")
    tour.printed("rate-plan", "rate", "plan", "--measure", "violation", "--half-width", "0.02")
    for protocol in ("pairwise", "safety"):
        tour.printed("rate-open-study", "rate", "open-study", "--name", protocol, "--protocol", protocol, "--run", "1",
                     "--run", "2", "--raters-per-item", "2", "--save", f"{protocol}.json", *db)
        tour.keep("study", "the file of rate open-study --save", (tour.folder / f"{protocol}.json").read_text())
        tour.printed("rate-invite", "rate", "invite", protocol, "--raters", "1", *db)
        rated = []
        for row in tour.rows(tour.run("rate", "export", protocol, *db)):
            for rater in range(2):
                value = 1 + (int(row["item"]) + rater) % 5
                rated.append({**row, "study": f"{protocol}-rated", "rater": f"{protocol}{rater}", "value": value,
                              "assignment": f"{protocol}{row['item']}-{rater}", "first_left": True,
                              "shown_value": value, "both_bad": False, "seconds": 3, "at": 1000 + int(row["item"]),
                              "standing": "counted"})
        tour.put(f"{protocol}-rated.jsonl", rated)
        tour.printed("rate-import", "rate", "import", f"{protocol}-rated.jsonl", "--name", f"{protocol}-rated", *db)
    tour.printed("rate-status", "rate", "status", *db)
    tour.run("rate", "invite", "pairwise", "--raters", "1", "--db", "s.sqlite")
    tour.printed("rate-import-database", "rate", "import", "s.sqlite", "--db", "imported.sqlite")
    tour.printed("show", "show", "1", *db)
    tour.printed("show-item", "show", "1", "--item", "1", *db)
    tour.printed("compare", "compare", "1", "2", *db)
    tour.written("report", "safety.json", "report", "1", "2", "--reference", "2", "--out", "safety.json", *db)


def demo(tour):
    tour.printed("demo", "demo", "--out", "demo")


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tour = Tour(program, folder)
    for part in (models, tasks, clusters, runs, gates, repeats, sequential, imports, scorers, rewards, studies,
                 scored_gates, demo):
        part(tour)
    (folder / "documents.json").write_text(json.dumps(tour.documents))
    print(f"{len(tour.documents)} documents")


if __name__ == "__main__":
    main()
