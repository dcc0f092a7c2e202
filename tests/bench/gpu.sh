#!/usr/bin/env bash
# All checks that need a real GPU, in one command: builds, runs the engine's tests with every kind of kernels on the best
# device, measures the matrix kernels and complete models of 7B shape (random weights), and writes one record in Markdown.
#
#   tests/bench/gpu.sh [--out FILE.md] [--build DIR] [--small]
#
# --small: small shapes, no GPU needed: tests this script on the software driver, with the kernels for GPUs.
# BELLWETHER_SHARED names the folder with the reference models; without it the comparison with the reference is skipped
# and the record says so. Needs 16 GB of disk in $TMPDIR for the largest model.
# Exit code: 0 done, 1 a check failed, 2 wrong call, 3 no GPU or no build.
set -uo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
out=gpu-record.md
build=$root/build/release
small=no
while [ $# -gt 0 ]; do
  case $1 in
    --out | --build)
      [ $# -gt 1 ] || { echo "gpu.sh: $1 needs a value" >&2; exit 2; }
      if [ "$1" = --out ]; then out=$2; else build=$2; fi
      shift 2 ;;
    --small) small=yes; shift ;;
    *) echo "gpu.sh: $1 is not understood; see the first lines of the script" >&2; exit 2 ;;
  esac
done
if ! { mkdir -p "$(dirname "$out")" && : > "$out"; }; then
  echo "gpu.sh: $out cannot be written" >&2
  exit 2
fi

tests="test_engine_shaders test_engine_llama test_engine_scheduler test_engine"
# shellcheck disable=SC2086  # must split into words
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release > /dev/null &&
  cmake --build "$build" --target bellwether $tests gpu_bench random_model || exit 3
bellwether=$build/harness/cli/bellwether
if [ $small = no ] && ! "$bellwether" devices | grep -q "GPU)$"; then
  echo "gpu.sh: no usable GPU here; '$bellwether devices' lists what there is, --small tries the script without one" >&2
  exit 3
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

say() { printf '%s\n' "$@" >> "$out"; }
fenced() { say '```'; cat >> "$out"; say '```' ''; }
# Writes a command's output to the record; notes a failure there and continues.
record() {
  "$@" > "$work/printed" 2>&1
  local code=$?
  cat "$work/printed"
  fenced < "$work/printed"
  if [ $code -eq 2 ]; then say "Not on this device (above)." ''; return; fi
  if [ $code -ne 0 ]; then say "**Failed with exit code $code.**" ''; failed=1; fi
}

if [ $small = yes ]; then
  shape=tiny types="F16 Q4_K" matrices="--rows 256 --columns 512 --tokens 40 F16 Q4_K"
else
  shape=7b types="F16 Q8_0 Q4_0 Q4_K" matrices=
fi

say "# Kernels for GPUs: a record" ''
say "- date: $(date -u +%Y-%m-%dT%H:%MZ)" "- revision: $(git -C "$root" describe --always --dirty 2> /dev/null || echo unknown)"
say "- system: $(uname -srm)" "- shapes: $shape" ''
say "## Devices" ''
record "$bellwether" devices

say "## Tests" '' "Engine tests with every kind of kernels that the device runs, on the best device; the largest differences are of log-probabilities" \
  "over 200 tokens, against an independent float64 implementation." ''
for name in $tests; do
  "$build/tests/engine/$name" --no-colors=true \
    -ts=engine.kernels,engine.families,engine.shaders,engine.oracle,engine.batching,engine.scheduler >> "$work/tests" 2>&1 || failed=1
  tail -n 3 "$work/tests"
done
grep -E "^\[doctest\]|ERROR|largest difference|skipped:|kernels gpu" "$work/tests" | sed 's#^.*/tests/#tests/#' | uniq | fenced

say "## Matrix kernels" ''
for kernels in gpu gpu-dot gpu-matrix; do
  say "### $kernels" ''
  # shellcheck disable=SC2086  # must split into words
  if "$build/tests/bench/gpu_bench" --kernels $kernels $matrices > "$work/table" 2> "$work/why"; then
    tee -a "$out" < "$work/table"
  else
    [ $? -eq 2 ] || failed=1
    tee -a "$out" < "$work/why"
  fi
  say ''
done

say "## Models" '' "Random weights; the shares are of the ceilings measured in the same call." ''
for type in $types; do
  "$build/tests/bench/random_model" "$work/model.gguf" $shape "$type" || { failed=1; continue; }
  for kernels in gpu gpu-dot gpu-matrix; do
    numerics=fast
    [ $kernels = gpu ] && numerics=exact
    say "### $shape $type, $kernels" ''
    record "$bellwether" bench "$work/model.gguf" --kernels $kernels --numerics $numerics
  done
done

say "$([ $failed -eq 0 ] && echo "All checks passed." || echo "**Some checks failed**, see above.")"
echo "record: $out"
exit $failed
