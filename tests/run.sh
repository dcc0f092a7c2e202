#!/usr/bin/env bash
# Installs what is needed, builds, and runs all tests. Further arguments go to ctest, e.g. -L engine.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/harness/packages.sh"

install_missing "${build_packages[@]}" "${test_packages[@]}"
install_missing "${web_test_packages[@]}" || echo "Browser tests: their packages cannot be installed"
export BELLWETHER_SHARED=${BELLWETHER_SHARED:-$root/../shared}
# The software driver caches compiled kernels; without a home folder it needs this one.
export MESA_SHADER_CACHE_DIR=${MESA_SHADER_CACHE_DIR:-$root/build/mesa_shader_cache}
mkdir -p "$MESA_SHADER_CACHE_DIR"
cd "$root"
cmake --preset release -DBUILD_TESTING=ON >/dev/null
cmake --build --preset release
# One more at a time than there are processors: browsers and servers wait for one another.
ctest --preset release --parallel $(($(nproc) + 1)) --label-exclude 'soak|fuzz-long|bench|mesa-new|^attacks$' "$@"
