#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy on C++ sources, as many at a time as there are processors.
# usage: tests/tidy.sh          all of them, in the unity files of the build: a fifth of the time of single sources
#        tests/tidy.sh REVISION those that changed since the revision
# Needs a build in build/release, for the headers that are generated there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/harness/packages.sh"
install_missing "${check_packages[@]}"
cd "$root"
ours="$root/(engine|suites|safety|reports|harness|tests)/"

# tidy DATABASE [OPTION...]  Checks the sources on standard input; those of a folder of build commands.
tidy() {
    xargs -r -P "$(nproc)" -n 2 clang-tidy -p "$1" --quiet "${@:2}" 2>&1 |
        { grep -vE '^[0-9]+ warnings?|^Suppressed|^Use -header-filter|^$' || true; }
}

# Asio of Boost 1.74 hides its coroutines from Clang, which cannot read the files that use them.
without_coroutines() { xargs -r grep -LE '\bco_await\b' || true; }

# Sources one by one. A unity build has no commands for them: those of a build without unity, with the headers of the
# real one.
tidy_sources() {
    cmake --preset release -B build/tidy -DBUILD_TESTING=ON -DCMAKE_UNITY_BUILD=OFF >/dev/null
    sed -i "s|$root/build/tidy|$root/build/release|g" build/tidy/compile_commands.json
    tidy build/tidy
}

if [ $# -gt 0 ]; then
    files=$(git diff --name-only --diff-filter=d "$1" -- '*.cpp' | without_coroutines)
    [ -n "$files" ] || { echo "clang-tidy: no source changed"; exit 0; }
    echo "clang-tidy: $(wc -l <<<"$files") sources"
    tidy_sources <<<"$files"
    exit
fi

units=() test_units=() single=()
while read -r unit; do
    sources=$unit
    if [[ $unit == */Unity/* ]]; then
        sources=$(sed -n 's|^#include "\(.*\)"$|\1|p' "$unit" | grep -E "^$ours" || true)
    elif ! [[ $unit =~ ^$ours ]]; then
        continue  # generated
    fi
    readable=$(without_coroutines <<<"$sources")
    if [ "$readable" != "$sources" ]; then
        [ -z "$readable" ] || single+=("$readable")
    elif [[ ${unit#"$root/build/release"} =~ ^("$root")?/tests/ ]]; then
        test_units+=("$unit")
    else
        units+=("$unit")
    fi
done < <(sed -n 's|^ *"file": "\(.*\)",*$|\1|p' build/release/compile_commands.json | sort -u)

echo "clang-tidy: $((${#units[@]} + ${#test_units[@]})) unity files and $(printf '%s\n' "${single[@]}" | wc -l) sources"
# Findings in included sources too, but not in generated ones. A unity file includes sources.
unity=("--header-filter=^$ours" --checks=-bugprone-suspicious-include)
# The configuration of tests/ is not that of the unity files' folder.
unity_of_tests=("${unity[0]}" "${unity[1]},$(sed -n "s/^Checks: *'\{0,1\}\([^']*\)'\{0,1\}$/\1/p" tests/.clang-tidy)")
status=0
printf '%s\n' "${units[@]}" | tidy build/release "${unity[@]}" || status=1
printf '%s\n' "${test_units[@]}" | tidy build/release "${unity_of_tests[@]}" || status=1
printf '%s\n' "${single[@]}" | tidy_sources || status=1
exit $status
