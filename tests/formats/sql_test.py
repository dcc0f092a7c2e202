"""The ten queries of harness/store/SQL.md give the numbers that the program prints, and use indexes.

Usage: sql_test.py PROGRAM TOUR SOURCE, with the folder of tour.py and the root of the sources.
"""

import json
import math
import pathlib
import re
import shutil
import sqlite3
import sys
import tempfile

import tour


def same(found, expected):
    return found is expected is None or math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)


def shown_name(metric, scorer, version, task):
    """How show names a score: a later one with its scorer."""
    kinds = {"detector": f"refusal detector {version}"}
    return metric if scorer == task else f"{metric} by {kinds.get(scorer, f'reward model {scorer} {version} (demo:chat)')}"


class Checks:
    """Each compares the rows of the query of its number with what the program prints."""

    def __init__(self, whole):
        self.whole = whole
        self.run = {number: self.json("show", str(number)) for number in (1, 2, 3)}

    def json(self, *arguments):
        return json.loads(self.whole.run(*arguments, "--db", "copy.sqlite", "--json"))

    def metrics(self, number):
        return {(task["task"], metric["name"]): metric["value"] for task in self.run[number]["tasks"]
                for metric in task["metrics"]}

    def check_1(self, rows):
        printed = {key: value for key, value in self.metrics(1).items() if "judge" not in key[1]}
        found = {(task, shown_name(metric, scorer, version, task)): mean
                 for task, metric, scorer, version, _, mean in rows if scorer != "guard"}
        assert found.keys() == printed.keys(), (found, printed)
        assert all(same(found[key], printed[key]) for key in found)

    def check_2(self, rows):
        differences = self.json("compare", "1", "2")["differences"]
        assert len(rows) == len(differences)
        found = sorted((task, difference) for task, _, _, difference, _, _ in rows)
        expected = sorted((row["task"], row["difference"]) for row in differences)
        assert all(a[0] == b[0] and same(a[1], b[1]) for a, b in zip(found, expected))
        counted = sorted((row["task"], row["items"], row["only_base"], row["only_run"]) for row in differences
                         if row["only_base"] is not None)
        assert counted == sorted((row[0], row[2], row[4], row[5]) for row in rows if row[1] != "reward")

    def check_3(self, rows):
        differences = [row for row in self.json("compare", "1", "2")["differences"]
                       if "refusal detector" in row["metric"]]
        assert len(rows) == sum(row["only_base"] + row["only_run"] for row in differences) > 0
        for task, doc, _, _, answer in rows:
            item = self.json("show", "2", "--item", str(doc), "--task", task)
            assert item["requests"][0]["output"] == answer

    def check_4(self, rows):
        printed = [(task["task"], reason["error"], reason["items"], reason["first_doc"])
                   for task in self.run[3]["tasks"] for reason in task["error_reasons"]]
        assert rows == printed and len(rows) == 1

    def check_5(self, rows):
        printed = [(task["task"], task["counters"]["length_limited"]) for task in self.run[3]["tasks"]]
        assert [row[:2] for row in rows] == printed and printed[0][1] > 0

    def check_6(self, rows):
        assert len(rows) == 5 and rows == sorted(rows, key=lambda row: -row[2])
        for task, doc, tokens in rows:
            item = self.json("show", "1", "--item", str(doc), "--task", task)
            assert item["requests"][0]["context_tokens"] == tokens

    def check_7(self, rows):
        rates = self.json("compare", "1", "2")["safety"]["rates"]
        printed = {row["part"]: (row["n"], row["value"]) for row in rates
                   if row["run"] == 1 and row["split"] == "category" and row["by"].startswith("refusal detector")}
        assert printed and {category: (prompts, refused) for _, category, prompts, refused in rows} == printed

    def check_8(self, rows):
        study = next(study for study in self.json("rate", "status") if study["name"] == "pairwise-rated")
        assert rows == [(rater["number"], rater["submitted"], rater["counted"]) for rater in study["raters"]]
        assert rows

    def check_9(self, rows):
        study = next(study for study in self.json("compare", "1", "2")["ratings"] if study["study"] == "safety-rated")
        printed = {row["variant"]: (row["ratings"], row["mean_rating"]["value"]) for row in study["answers"]}
        assert {row[0] for row in rows} == set(printed)
        for variant, ratings, mean, _ in rows:
            assert ratings == printed[variant][0] and same(mean, printed[variant][1])

    def check_10(self, rows):
        assert len(rows) == 4
        trusted = self.json("reward", "list")[0]["metrics"]["beats_baselines"]
        for run, _, task, _, answers, mean, beats in rows:
            printed = {key: value for key, value in self.metrics(run).items() if "reward model" in key[1]}
            assert same(mean, next(value for key, value in printed.items() if key[0] == task))
            assert answers == 6 and beats == int(trusted)


def failing_run(whole):
    """Run 3: an item that the model answers, and one that is longer than its context."""
    whole.put("data/mine/test.jsonl", [{"question": "1 + 1 =", "answer": "2"},
                                       {"question": "and " * 2000, "answer": "2"}])
    whole.run("run", "--model", "demo:base", "--suite", "mine", "--tasks", "tasks", "--data", "data", "--db",
              "copy.sqlite")


def main():
    program, place, source = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    text = (source / "harness/store/SQL.md").read_text()
    queries = re.findall(r"^(\d+)\. .*?```sql\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    assert [number for number, _ in queries] == [str(number) for number in range(1, 11)]
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shutil.copy(place / "s.sqlite", folder / "copy.sqlite")
        shutil.copytree(place / "tasks", folder / "tasks")
        (folder / "data" / "mine").mkdir(parents=True)
        whole = tour.Tour(program, folder)
        failing_run(whole)
        checks = Checks(whole)
        database = sqlite3.connect(f"file:{folder / 'copy.sqlite'}?mode=ro", uri=True)
        for number, query in queries:
            rows = [tuple(row) for row in database.execute(query)]
            plan = [row[3] for row in database.execute("EXPLAIN QUERY PLAN " + query)]
            scanned = [step for step in plan
                       if re.match(r"SCAN (item|score|request|later_score|answer_score|explanation)\b", step)]
            try:
                assert not scanned, scanned
                getattr(checks, f"check_{number}")(rows)
            except AssertionError as error:
                faults += 1
                print(f"FAULT query {number}: {error}\n{rows}")
        columns = {view: [row[1] for row in database.execute(f"PRAGMA table_info({view})")]
                   for view in ("v_item", "v_score", "v_rating", "v_reward")}
        for view, names in columns.items():
            part = text[text.index(f"`{view}`: a row"):text.index("## Ten queries")]
            part = part[:part.find("\n`v_") if "\n`v_" in part else None]
            told = re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in part.splitlines() if "|" in line))
            if sorted(told) != sorted(names):
                faults += 1
                print(f"FAULT {view}: told {sorted(told)}, is {sorted(names)}")
    print(f"{len(queries)} queries, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
