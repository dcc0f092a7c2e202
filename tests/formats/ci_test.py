"""The steps of harness/ci's jobs for GitHub Actions and GitLab CI, run in a shell here.

Usage: ci_test.py PROGRAM TOUR SOURCE. The build is left out: its place has the program that was built. A fetch that would
download is made from local files. Everything else is what the job runs, with its variables, but for MODEL, SUITES, BASELINE
and POLICY, which are a user's own.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tour

BUILD = "bellwether/harness/build.sh"
FETCH = "$BELLWETHER suites fetch $SUITES"
OWN = {"MODEL": "demo:chat", "SUITES": "demo_facts,demo_refusal", "BASELINE": "evaluation/baseline.json",
       "POLICY": "evaluation/policy.json"}


def variables(text, heading):
    """The entries below a heading of a YAML file, as far as these jobs need YAML."""
    block = re.search(rf"^( *){heading}:\n((?:\1 +[A-Z_]+: .*\n)+)", text, re.MULTILINE)
    return dict(line.strip().split(": ", 1) for line in block[2].splitlines())


def commands(text):
    github = re.findall(r"^ +- run: (.*)$", text, re.MULTILINE)
    block = re.search(r"^  script:\n((?:    - .*\n)+)", text, re.MULTILINE)
    return github or [line.strip()[2:] for line in block[1].splitlines()]


def cached(text):
    """The paths that a job keeps for the next."""
    github = re.search(r"path: \|\n((?: +\S+\n)+)", text)
    return github[1].split() if github else re.search(r"paths: \[(.*?)\]", text)[1].split(", ")


class Job:
    def __init__(self, source, file, program, folder):
        self.text = (source / "harness/ci" / file).read_text()
        self.folder = folder
        built = folder / "bellwether/build/release/harness/cli"
        built.mkdir(parents=True)
        (folder / "home").mkdir(exist_ok=True)
        (built / "bellwether").symlink_to(pathlib.Path(program).resolve())
        (folder / "bellwether/harness").symlink_to((source / "harness").resolve())
        given = {**variables(self.text, "env" if "github" in file else "variables"), **OWN}
        values = {name: value.replace("$CI_PROJECT_DIR", str(folder)) for name, value in given.items()}
        kept = {name: os.environ[name] for name in ("PATH", "VK_ICD_FILENAMES", "VK_DRIVER_FILES", "LD_LIBRARY_PATH")
                if name in os.environ}
        self.environment = {**kept, "HOME": str(folder / "home"), **values,
                            "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}

    def run(self, **changed):
        """The exit code of the first step that fails, and what all of them print."""
        output = ""
        for command in commands(self.text):
            if command == BUILD:
                continue
            if command == FETCH:
                command = "$BELLWETHER suites fetch mine --tasks tasks --from original"
            done = subprocess.run(["bash", "-eo", "pipefail", "-c", command], cwd=self.folder, capture_output=True,
                                  env={**self.environment, **changed}, timeout=600)
            output += done.stdout.decode() + done.stderr.decode()
            if done.returncode != 0:
                return done.returncode, output
        return 0, output


def check(source, file, program, place):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        job = Job(source, file, program, folder)
        assert BUILD in commands(job.text) and FETCH in commands(job.text), commands(job.text)
        for part in ("tasks", "original"):
            shutil.copytree(place / part, folder / part)
        whole = tour.Tour(program, folder)
        (folder / "evaluation").mkdir()
        whole.run("run", "--model", "demo:chat", "--suite", OWN["SUITES"], "--db", "first.sqlite")
        whole.run("baseline", "1", "--db", "first.sqlite", "--out", OWN["BASELINE"])
        whole.run("gate", "--init", OWN["POLICY"], "--baseline", OWN["BASELINE"])

        code, output = job.run()
        assert code == 0 and "Every item is the same as in the baseline." in output, (code, output)
        results = folder / "gate-results"
        assert json.loads((results / "changed.json").read_text())["identical"]
        for path in cached(job.text):
            assert (folder / path).exists(), f"{path} is cached, and nothing is there"
        assert (folder / "cache/data/mine/test.jsonl").exists(), "data sets are not kept"
        assert any((folder / "cache/kernels").rglob("*")), "compiled kernels are not kept"

        # The next job has the cached database: it asks the model nothing that is there.
        stored = json.loads(whole.run("run", "--model", "demo:chat", "--suite", OWN["SUITES"], "--db",
                                      "gate-results/bellwether.sqlite", "--json"))
        assert stored["computed_items"] == 0, stored

        code, output = job.run(MODEL="demo:base")
        assert code == 1 and "Some items are not the same" in output, (code, output)
        assert "<failure " in (results / "gate.xml").read_text()
        assert "REGRESSION" in (folder / "summary.md").read_text()
        code, output = job.run(POLICY="", MODEL="demo:base")
        assert code == 1, (code, output)
        print(f"{file}: passes, fails and keeps what it says")


def main():
    program, place, source = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    for file in ("github-actions.yml", "gitlab-ci.yml"):
        check(source, file, program, place)


if __name__ == "__main__":
    main()
