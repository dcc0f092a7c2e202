#!/usr/bin/env bash
# Checks the format of every C++ file, and of every header shared with GLSL, by .clang-format. With --fix corrects it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/harness/packages.sh"
install_missing "${check_packages[@]}"
cd "$root"

mode=(--dry-run --Werror)
[ "${1:-}" = --fix ] && mode=(-i)
git ls-files -z -- '*.cpp' '*.hpp' '*.h' | xargs -0 -r clang-format "${mode[@]}"
