#!/usr/bin/env bash
# Checks that every C++ file, and every header that GLSL reads too, looks as .clang-format says. With --fix it mends them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/harness/packages.sh"
install_missing "${check_packages[@]}"
cd "$root"

mode=(--dry-run --Werror)
[ "${1:-}" = --fix ] && mode=(-i)
git ls-files -z -- '*.cpp' '*.hpp' '*.h' | xargs -0 -r clang-format "${mode[@]}"
