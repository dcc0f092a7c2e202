#!/usr/bin/env bash
# Installs missing packages and builds the program: build/release/harness/cli/bellwether.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/harness/packages.sh"

install_missing "${build_packages[@]}"
cd "$root"
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release --target bellwether
