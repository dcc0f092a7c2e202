"""Every JSON document that the program prints or writes has a schema that it fits, and that nothing else fits.

Usage: schemas_test.py PROGRAM TOUR SOURCE, with the folder of tour.py and the root of the sources.
"""

import copy
import json
import pathlib
import sys

import jsonschema

import tour

# What other programs and data sets define is not described here: rows of data sets, foreign settings.
FOREIGN = {"show-item": ("document",), "suites-show": ("definition",), "show-plan": ("settings", "generation"),
           "prompts-show": ("",), "prompts-list-set": ("",)}
MAX_LIST = 2  # elements of a list that are kept where mistakes are tried


def bundled(whole, name):
    text = whole.run("schema", *name.split("-"))
    return json.loads(text)


def fault(where, what):
    return f"{where or '(root)'}: {what}"


def lint(schema, where=""):
    """What makes a schema loose or silent: an open object, a member without a description."""
    faults = []
    if not isinstance(schema, dict):
        return faults
    if schema.get("type") == "object" or "properties" in schema:
        if "properties" in schema and "additionalProperties" not in schema and "description" not in schema:
            faults.append(fault(where, "an object without additionalProperties"))
        for name, member in schema.get("properties", {}).items():
            if "description" not in member and "$ref" not in member and "anyOf" not in member:
                faults.append(fault(f"{where}/{name}", "has no description"))
        if "required" not in schema and schema.get("properties") and schema.get("additionalProperties") is False:
            faults.append(fault(where, "requires nothing"))
    for key in ("properties", "$defs"):
        for name, inner in schema.get(key, {}).items():
            faults += lint(inner, f"{where}/{name}")
    for inner in schema.get("anyOf", []):
        faults += lint(inner, where)
    for key in ("items", "additionalProperties"):
        faults += lint(schema.get(key), where + "/*")
    return faults


def places(value, path=()):
    """Every part of a document, as the path to it."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, path + (key,))


def shortened(value):
    """The same with short lists; elements of another shape than those before them are kept."""
    if isinstance(value, dict):
        return {key: shortened(part) for key, part in value.items()}
    if not isinstance(value, list):
        return value
    kept, shapes = [], set()
    for part in value:
        shape = json.dumps(sorted(part) if isinstance(part, dict) else type(part).__name__)
        if len(kept) < MAX_LIST or shape not in shapes:
            kept.append(shortened(part))
        shapes.add(shape)
    return kept


def at(document, path):
    for key in path:
        document = document[key]
    return document


def without(document, path):
    changed = copy.deepcopy(document)
    del at(changed, path[:-1])[path[-1]]
    return changed


def put(document, path, value):
    if not path:
        return value
    changed = copy.deepcopy(document)
    at(changed, path[:-1])[path[-1]] = value
    return changed


class Mistakes:
    """Documents that are nearly right, which a schema must refuse."""

    def __init__(self, schema):
        self.schema = schema
        self.checker = jsonschema.Draft202012Validator(schema)
        self.optional = set()

    def fits(self, document):
        return self.checker.is_valid(document)

    def missed(self, name, document):
        """Changes that the schema does not notice."""
        found = []
        for path in [path for path in places(document) if not self.is_foreign(name, path)]:
            value = at(document, path)
            shown = "/".join(str(key) for key in path)
            wrong = {"of another": ["type"]} if isinstance(value, str) or value is None else "text"
            if self.fits(put(document, path, wrong)):
                found.append(fault(shown, "may be of another type"))
            if isinstance(value, dict) and value and self.fits(put(document, path, {**value, "unknown": {}})):
                found.append(fault(shown, "may have any member"))
            if path and isinstance(path[-1], str) and self.fits(without(document, path)):
                self.optional.add("/".join("*" if isinstance(key, int) else key for key in path))
        return found

    @staticmethod
    def is_foreign(name, path):
        keys = tuple(str(key) for key in path if not isinstance(key, int))
        return any(part == "" and keys or part in keys for part in FOREIGN.get(name, ()))


def main():
    program, place, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]) / "harness/cli/schemas"
    faults = []
    whole = tour.Tour(program, place)
    listed = [schema["name"] for schema in json.loads(whole.run("schema", "--json"))]
    files = sorted(path.stem for path in folder.glob("*.json"))
    if sorted(listed + ["common"]) != files:
        faults.append(f"embedded: {sorted(listed)}; files: {files}")
    schemas = {name: bundled(whole, name) for name in listed}
    for name, schema in schemas.items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            faults.append(f"{name}: no schema: {error.message}")
        faults += [f"{name}: {one}" for one in lint(schema)]
    documents = json.loads((place / "documents.json").read_text())
    example = folder.parents[1] / "ci/policy.json"
    documents.append(("policy", "harness/ci/policy.json", json.loads(example.read_text())))
    checks = {name: Mistakes(schema) for name, schema in schemas.items()}
    for name, call, document in documents:
        errors = list(checks[name].checker.iter_errors(document))
        for error in errors[:5]:
            faults.append(f"{name}: '{call}': {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    seen = {}
    for name, call, document in documents:
        if seen.setdefault(name, []) and len(seen[name]) >= 2:
            continue
        seen[name].append(call)
        faults += [f"{name}: '{call}': {one}" for one in checks[name].missed(name, shortened(document))]
    faults += [f"{name}: no document was checked" for name in listed if name not in seen]
    for name, check in checks.items():
        for optional in sorted(check.optional):
            print(f"{name}: {optional} may be left out")
    for one in faults:
        print("FAULT", one)
    print(f"{len(schemas)} schemas, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
