#!/usr/bin/env bash
# Evaluates a model and judges it against a baseline that is kept in version control.
# usage: gate.sh MODEL SUITES BASELINE [POLICY]
# Exit code: that of 'bellwether gate' (0 pass, 1 regression, 3 incomplete, 4 not comparable, 5 inconclusive and strict).
# BELLWETHER names the program (default: bellwether), GATE_OUT the folder of the results (default: gate-results):
# bellwether.sqlite, gate.xml (JUnit), gate.md and changed.json (items that are not the same).
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
model=$1 suites=$2 baseline=$3
policy=(${4:+--policy "$4"})
program=${BELLWETHER:-bellwether}
out=${GATE_OUT:-gate-results}
mkdir -p "$out"
database=$out/bellwether.sqlite

"$program" run --model "$model" --suite "$suites" --db "$database"

# First without any noise: the same program, model and device answer alike to the last bit.
identical=0
"$program" gate latest --db "$database" --baseline "$baseline" --expect-identical --json >"$out/changed.json" || identical=$?
case $identical in
    0) echo "Every item is the same as in the baseline." ;;
    1 | 3) echo "Some items are not the same as in the baseline: see $out/changed.json." ;;
    *) exit "$identical" ;;
esac

# Then with statistics: is anything worse?
status=0
"$program" gate latest --db "$database" --baseline "$baseline" "${policy[@]}" --junit "$out/gate.xml" \
    --markdown "$out/gate.md" || status=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$out/gate.md" ]; then cat "$out/gate.md" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
