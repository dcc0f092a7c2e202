#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy on C++ sources, two at a time.
# usage: tests/tidy.sh          all of them
#        tests/tidy.sh REVISION those that changed since the revision
# Needs a build in build/release, for the headers that are generated there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/harness/packages.sh"
install_missing "${check_packages[@]}"
cd "$root"

if [ $# -gt 0 ]; then
    files=$(git diff --name-only --diff-filter=d "$1" -- '*.cpp')
else
    files=$(git ls-files -- '*.cpp')
fi
# Asio of Boost 1.74 hides its coroutines from Clang, which cannot read the files that use them.
files=$(xargs -r grep -LE '\bco_await\b' <<<"$files" || true)
[ -n "$files" ] || { echo "clang-tidy: no source changed"; exit 0; }
# A unity build has no commands for single sources: those of a build without unity, with the headers of the real one.
cmake --preset release -B build/tidy -DBUILD_TESTING=ON -DCMAKE_UNITY_BUILD=OFF >/dev/null
sed -i "s|$root/build/tidy|$root/build/release|g" build/tidy/compile_commands.json
echo "clang-tidy: $(wc -l <<<"$files") sources"
status=0
found=$(xargs -r -P "$(nproc)" -n 4 clang-tidy -p build/tidy --quiet <<<"$files" 2>&1) || status=1
grep -vE '^[0-9]+ warnings?|^Suppressed|^Use -header-filter|^$' <<<"$found" || true
exit $status
