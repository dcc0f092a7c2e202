#!/usr/bin/env bash
# Installs missing packages, builds, runs the demo evaluation and prints where the report is.
# usage: harness/quickstart.sh [FOLDER FOR THE REPORT]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:-$root/out/demo}
. "$root/harness/packages.sh"

install_missing "${build_packages[@]}"
cd "$root"
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release --target bellwether
"$root/build/release/harness/cli/bellwether" demo --out "$out"
