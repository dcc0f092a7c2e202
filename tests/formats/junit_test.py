"""JUnit XML of gates keeps to the schema that CI servers share, and agrees with the verdict in JSON.

Usage: junit_test.py PROGRAM TOUR SOURCE. What is allowed where is that of junit-10.xsd of Jenkins' xunit plugin, which GitLab
and GitHub's reporters accept too: the attributes and children below, and no text between elements.
"""

import json
import pathlib
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import tour

OUTCOMES = ("skipped", "error", "failure")
ATTRIBUTES = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, set()),
    "testsuite": ({"name", "tests", "failures", "errors", "time", "disabled", "skipped", "skips", "timestamp", "hostname",
                   "id", "package", "assertions", "file", "line", "url", "log", "group"}, {"name", "tests"}),
    "testcase": ({"name", "classname", "time", "status", "assertions", "file", "line", "group", "url", "log"}, {"name"}),
    "skipped": ({"message", "type"}, set()), "error": ({"message", "type"}, set()), "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()), "system-err": (set(), set()), "properties": (set(), set()),
    "property": ({"name", "value"}, {"name", "value"}),
}
CHILDREN = {
    "testsuites": {"testsuite"}, "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {*OUTCOMES, "properties", "system-out", "system-err"}, "properties": {"property"},
}
COUNTS = ("tests", "failures", "errors", "skipped", "disabled", "skips")


def check_schema(element, faults):
    allowed, required = ATTRIBUTES.get(element.tag, (None, None))
    if allowed is None:
        faults.append(f"unknown element {element.tag}")
        return
    names = set(element.keys())
    faults += [f"{element.tag}: attribute {name}" for name in names - allowed]
    faults += [f"{element.tag}: lacks {name}" for name in required - names]
    faults += [f"{element.tag}: {name} is no count" for name in names.intersection(COUNTS)
               if not element.get(name).isdigit()]
    if element.tag in CHILDREN and (element.text or "").strip():
        faults.append(f"{element.tag}: has text")
    for child in element:
        if child.tag not in CHILDREN.get(element.tag, set()):
            faults.append(f"{child.tag} in {element.tag}")
        check_schema(child, faults)


def faults_of(text):
    faults = []
    root = ElementTree.fromstring(text)
    if root.tag != "testsuites":
        faults.append(f"the root is {root.tag}")
    check_schema(root, faults)
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        for count, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if int(suite.get(count)) != sum(case.find(outcome) is not None for case in cases):
                faults.append(f"{count} does not count the {outcome} elements")
        if int(suite.get("tests")) != len(cases):
            faults.append("tests does not count the cases")
        if any(len([part for part in case if part.tag in OUTCOMES]) > 1 for case in cases):
            faults.append("a case has two outcomes")
        if len({(case.get("classname"), case.get("name")) for case in cases}) != len(cases):
            faults.append("two cases have one name")
    return faults


def check_gate(whole, *arguments, codes):
    text = whole.run("gate", *arguments, "--baseline", "b.json", "--junit", "g.xml", "--json", codes=codes)
    verdict = json.loads(text)
    xml = (whole.folder / "g.xml").read_text()
    assert not faults_of(xml), (faults_of(xml), xml)
    root = ElementTree.fromstring(xml)
    bad = sum(int(suite.get("failures")) + int(suite.get("errors")) for suite in root.iter("testsuite"))
    assert (bad > 0) == (verdict["exit_code"] != 0), (verdict["exit_code"], xml)
    names = [case.get("name") for case in root.iter("testcase")]
    assert all(any(name.startswith(suite["suite"]) for name in names) for suite in verdict["suites"])
    return verdict["exit_code"]


def main():
    program, place = sys.argv[1], pathlib.Path(sys.argv[2])
    broken = '<testsuites><testsuite name="s" tests="2" failures="0" errors="0" skipped="0"><case/></testsuite></testsuites>'
    assert len(faults_of(broken)) >= 2, "the check itself fails on nothing"
    with tempfile.TemporaryDirectory() as folder:
        for file in ("bellwether.sqlite", "other.sqlite", "b.json"):
            shutil.copy(place / file, folder)
        whole = tour.Tour(program, folder)
        codes = {check_gate(whole, "1", codes=(0,)), check_gate(whole, "2", codes=(0, 1)),
                 check_gate(whole, "2", "--strict", codes=(1, 5)),
                 check_gate(whole, "1", "--db", "other.sqlite", codes=(4,))}
        assert {0, 4}.issubset(codes) and len(codes) >= 3, codes
        policy = {"policy": 1, "suites": [{"suite": '<"&\'>\u0007]]>', "tasks": ["demo_facts"], "tier": "advisory"}]}
        (whole.folder / "p.json").write_text(json.dumps(policy))
        whole.run("gate", "1", "--baseline", "b.json", "--policy", "p.json", "--junit", "g.xml", codes=(0,))
        assert not faults_of((whole.folder / "g.xml").read_text())
    print("JUnit: as the schema says")


if __name__ == "__main__":
    main()
