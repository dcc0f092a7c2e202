#!/usr/bin/env bash
# Browser tests of the rating pages: run.sh WEB_TEST_SERVER [further arguments of node --test]. WEB_TEST_SERVER is the built
# program of that name. SCREENSHOTS=DIR keeps a picture of every page. Says 'skipped' where npm's registry is not reached.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../harness/packages.sh"
[ $# -ge 1 ] || { echo "usage: run.sh WEB_TEST_SERVER [arguments of node --test]" >&2; exit 2; }
WEB_TEST_SERVER=$(realpath "$1")
export WEB_TEST_SERVER
shift

install_missing chromium fonts-noto-core
command -v npm >/dev/null || install_missing nodejs npm
cd "$here"
if [ ! -d node_modules/playwright-core ] && ! timeout 300 npm ci --ignore-scripts --no-audit --no-fund --silent; then
    echo "Browser tests: skipped, npm cannot fetch playwright-core and axe-core"
    exit 0
fi
node --test --test-concurrency=1 "$@" rating.test.mjs pages.test.mjs
