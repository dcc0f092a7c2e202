#!/usr/bin/env bash
# Runs a test of what the program prints and writes: run.sh SCRIPT.py ARGUMENTS. Where Python or its jsonschema is not to
# be had it says 'skipped' and why, and succeeds. Leaves no compiled Python beside the scripts (-B).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
    echo "Tests of formats: skipped, $1"
    exit 0
}
command -v python3 >/dev/null || skip "there is no python3"
python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null ||
    skip "Python has no jsonschema (Debian package: python3-jsonschema)"
script=$1
shift
exec python3 -B "$here/$script" "$@"
