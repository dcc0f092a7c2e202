"""CSV of items, reports, ratings and prompts: read by Python's csv, the same as JSON, and without formulas.

Usage: csv_test.py PROGRAM TOUR SOURCE.
"""

import csv
import io
import json
import pathlib
import re
import shutil
import sys
import tempfile

import tour

FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x", "'quoted'", "-5", "+1e3",
            'a "b", c\nd', "", " =1", "naïve ☃")


def table(text):
    """Rows by the header; every line has as many cells, and ends as RFC 4180 says."""
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(len(row) == len(rows[0]) for row in rows)
    return rows


def original(cell):
    """The way back, as 'export --help' tells it."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


def runs_in_spreadsheet(cell):
    try:
        float(cell)
        return False
    except ValueError:
        return cell[:1] in tuple("=+-@\t\r")


def check_items(whole):
    rows = table(whole.run("export", "1", "--db", "s.sqlite", "--format", "csv"))
    lines = whole.rows(whole.run("export", "1", "--db", "s.sqlite"))
    assert len(rows) == len(lines) + 1
    for cells, line in zip(rows[1:], lines):
        row = dict(zip(rows[0], cells))
        assert (row["task"], row["doc"]) == (line["task"], str(line["doc"]))
        assert original(row["output"]) == line["requests"][0]["output"]
        assert original(row["prompt"]) == line["requests"][0]["prompt"]
        later = {name: score["value"] for name, score in line["later_scores"].items()}
        for name, value in {**line["scores"], **later}.items():
            assert row[name] == "" if value is None else float(row[name]) == value, name


def check_formulas(whole):
    """Outputs that are formulas come back, and no cell is one."""
    prompts = [json.loads(whole.run("show", "1", "--item", str(doc), "--task", "safety_60", "--db", "s.sqlite",
                                    "--json"))["document"]["turns"][0]["content"] for doc in range(6)]
    for start in range(0, len(FORMULAS), len(prompts)):
        part = FORMULAS[start:start + len(prompts)]
        whole.put("f.jsonl", [{"prompt": prompt, "output": output, "model": f"m{start}"}
                              for prompt, output in zip(prompts, part)])
        whole.run("import", "f.jsonl", "--format", "outputs", "--suite", "safety_60", "--db", f"f{start}.sqlite")
        rows = table(whole.run("export", "1", "--db", f"f{start}.sqlite", "--format", "csv"))
        assert not [cell for row in rows for cell in row if runs_in_spreadsheet(cell)]
        outputs = [row[rows[0].index("output")] for row in rows[1:]]
        assert [original(cell) for cell in outputs] == list(part), outputs


def check_report(whole):
    whole.run("report", "1", "2", "--db", "s.sqlite", "--out", "r.csv")
    rows = table((whole.folder / "r.csv").read_bytes().decode())
    rows = [dict(zip(rows[0], row)) for row in rows[1:]]
    report = json.loads(whole.run("compare", "1", "2", "--db", "s.sqlite", "--json"))

    def same(cell, value):
        return cell == "" if value is None else float(cell) == value

    for run in report["runs"]:
        for task in run["tasks"]:
            for metric in task["metrics"]:
                row = next(row for row in rows if (row["row"], row["run"], row["task"], row["metric"]) ==
                           ("score", str(run["run"]), task["task"], metric["name"]))
                assert same(row["value"], metric["value"]) and same(row["stderr"], metric["stderr"])
                assert metric["ci95"] is None or same(row["ci95_high"], metric["ci95"][1])
    differences = [row for row in rows if row["row"] == "difference"]
    assert len(differences) == len(report["differences"])
    for row, difference in zip(differences, report["differences"]):
        assert same(row["value"], difference["difference"]) and row["verdict"] == difference["verdict"]
        assert same(row["mcnemar_p"], difference["mcnemar_p"]) and row["base"] == "1"


def check_ratings(whole):
    """Ratings with formulas in their texts go to another database as CSV and come back equal."""
    rows = whole.rows(whole.run("rate", "export", "pairwise-rated", "--db", "s.sqlite"))
    for index, row in enumerate(rows):
        row["first_text"] = FORMULAS[row["item"] % len(FORMULAS)] or "x"
        row["study"] = "formulas"
    whole.put("formulas.jsonl", rows)
    whole.run("rate", "import", "formulas.jsonl", "--db", "one.sqlite")
    kept = whole.run("rate", "export", "formulas", "--db", "one.sqlite")
    whole.run("rate", "export", "formulas", "--db", "one.sqlite", "--format", "csv", "--out", "formulas.csv")
    cells = table((whole.folder / "formulas.csv").read_bytes().decode())
    assert not [cell for row in cells for cell in row if runs_in_spreadsheet(cell)]
    whole.run("rate", "import", "formulas.csv", "--db", "two.sqlite")
    assert whole.run("rate", "export", "formulas", "--db", "two.sqlite") == kept


def check_prompts(whole):
    rows = table(whole.run("prompts", "export", "borderline", "--format", "csv"))
    lines = whole.rows(whole.run("prompts", "export", "borderline"))
    assert [row[0] for row in rows[1:]] == [line["id"] for line in lines]
    single = [(original(row[1]), line["turns"][0]["content"]) for row, line in zip(rows[1:], lines)
              if len(line["turns"]) == 1]
    assert single and all(cell == text for cell, text in single)


def main():
    program, place = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(place / "s.sqlite", folder)
        whole = tour.Tour(program, folder)
        for check in (check_items, check_formulas, check_report, check_ratings, check_prompts):
            check(whole)
    print("CSV: as printed, and no formulas")


if __name__ == "__main__":
    main()
