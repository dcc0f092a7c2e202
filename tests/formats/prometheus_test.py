"""What 'export --format prometheus' and 'gate --prometheus' write is Prometheus' text format and has the printed numbers.

Usage: prometheus_test.py PROGRAM TOUR SOURCE. The format is read as its specification says (text format 0.0.4); promtool
looks at it too where it is installed (Debian package: prometheus).
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tour

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)?\}})? (\S+)")


def unescaped(text):
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)


def samples(text):
    """{(name, labels): value}; fails where a line is not of the format."""
    assert text.endswith("\n"), "the last line does not end"
    found, helped, typed, order = {}, set(), {}, []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in helped and re.fullmatch(NAME, name), line
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name in helped and name not in typed and kind == "gauge", line
            typed[name] = kind
            order.append(name)
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] in typed and order[-1] == match[1], f"{line}: not below its TYPE"
            labels = tuple(sorted((key, unescaped(value)) for key, value in re.findall(LABEL, line)))
            assert (match[1], labels) not in found, f"{line}: twice"
            found[match[1], labels] = float(match[match.lastindex])
    return found


def promtool(text):
    if shutil.which("promtool") is None:
        print("promtool: is not there (Debian package: prometheus)")
        return
    done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True)
    assert done.returncode == 0 and not done.stdout + done.stderr, done


def of(found, name, **labels):
    """The values of a name with these labels."""
    return [value for (sample, given), value in found.items()
            if sample == name and set(labels.items()) <= set(given)]


def check_run(whole):
    text = whole.run("export", "1", "--db", "s.sqlite", "--format", "prometheus")
    promtool(text)
    found = samples(text)
    shown = json.loads(whole.run("show", "1", "--db", "s.sqlite", "--json"))
    scores = 0
    for task in shown["tasks"]:
        for metric in task["metrics"]:
            labels = {"task": task["task"], "metric": metric["name"], "model": shown["model"]}
            expected = [] if metric["value"] is None else [metric["value"]]
            assert of(found, "bellwether_score", **labels) == expected, labels
            if metric["stderr"] is not None:
                assert of(found, "bellwether_score_standard_error", **labels) == [metric["stderr"]], labels
            scores += len(expected)
        for name, member in (("items", "items"), ("items_planned", "planned"), ("item_errors", "errors")):
            assert of(found, f"bellwether_{name}", task=task["task"]) == [task[member]]
    assert scores == len(of(found, "bellwether_score")) > 3
    assert of(found, "bellwether_run_info", run="1", fingerprint=shown["fingerprint"]) == [1]
    assert of(found, "bellwether_run_complete") == [1]
    created, finished = of(found, "bellwether_run_created_timestamp_seconds"), \
        of(found, "bellwether_run_finished_timestamp_seconds")
    assert of(found, "bellwether_run_duration_seconds") == [finished[0] - created[0]]


def check_unfinished(whole):
    found = samples(whole.run("export", "1", "--db", "shard.sqlite", "--format", "prometheus"))
    assert of(found, "bellwether_run_complete") == [0]
    assert not of(found, "bellwether_run_duration_seconds")


def check_gate(whole, run, codes):
    whole.run("gate", run, "--baseline", "b.json", "--prometheus", "gate.prom", "--strict", codes=codes)
    text = (whole.folder / "gate.prom").read_text()
    promtool(text)
    found = samples(text)
    verdict = json.loads(whole.run("gate", run, "--baseline", "b.json", "--strict", "--json", codes=codes))
    assert of(found, "bellwether_gate_exit_code") == [verdict["exit_code"]]
    assert of(found, "bellwether_gate_status", status=verdict["status"]) == [1]
    assert sum(of(found, "bellwether_gate_status")) == 1
    for suite in verdict["suites"]:
        labels = {"suite": suite["suite"], "metric": suite["metric"]}
        assert of(found, "bellwether_gate_suite_status", status=suite["status"], **labels) == [1]
        assert of(found, "bellwether_gate_suite_difference", **labels) == [suite["difference"]]
        assert of(found, "bellwether_gate_suite_worse", **labels) == [suite["worse"]]


def check_hostile(whole):
    """A name with quotes, backslashes, line breaks and control characters stays a label."""
    name = 'a"b\\c\nd\x1b[31m{x="1"} 2\n# HELP evil'
    whole.put("hostile.jsonl", [{"prompt": row["document"]["turns"][0]["content"], "output": "No.", "model": name}
                                for row in [json.loads(whole.run("show", "1", "--item", "0", "--task", "safety_60",
                                                                 "--db", "s.sqlite", "--json"))]])
    whole.run("import", "hostile.jsonl", "--format", "outputs", "--suite", "safety_60", "--db", "hostile.sqlite")
    text = whole.run("export", "1", "--db", "hostile.sqlite", "--format", "prometheus")
    promtool(text)
    models = {dict(labels)["model"] for _, labels in samples(text)}
    assert models == {name.replace("\x1b", "\\u{1B}")}, models


def main():
    program, place = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        for file in ("s.sqlite", "shard.sqlite", "bellwether.sqlite", "b.json"):
            shutil.copy(place / file, folder)
        whole = tour.Tour(program, folder)
        check_run(whole)
        check_unfinished(whole)
        check_gate(whole, "1", (0, 5))
        check_gate(whole, "2", (0, 1, 5))
        check_hostile(whole)
    print("Prometheus: as printed")


if __name__ == "__main__":
    main()
