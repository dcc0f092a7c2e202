#!/usr/bin/env bash
# Browser tests of the rating pages and of report pages: run.sh WEB_TEST_SERVER FOLDER [TEST_FILE...]. WEB_TEST_SERVER is
# the built program of that name, as $REPORT_PAGES and $BELLWETHER are for report pages; the packages of package.json are
# fetched into FOLDER, once. SCREENSHOTS=DIR keeps a picture of every page.
# Where something is not to be had it says 'skipped' and why, and succeeds.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 2 ] || { echo "usage: run.sh WEB_TEST_SERVER FOLDER [TEST_FILE...]" >&2; exit 2; }
WEB_TEST_SERVER=$(realpath "$1")
mkdir -p "$2"
WEB_TEST_TOOLS=$(realpath "$2")
export WEB_TEST_SERVER WEB_TEST_TOOLS
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
shift 2

skip() {
    echo "Browser tests: skipped, $1"
    exit 0
}
command -v node >/dev/null || skip "there is no node (Debian packages: nodejs, npm)"
[ -x "$CHROMIUM" ] || skip "there is no $CHROMIUM (Debian package: chromium)"

# fetch  Brings the packages that package-lock.json names; several tests may want them at once.
fetch() {
    exec 9>"$WEB_TEST_TOOLS/lock"
    flock 9
    if ! cmp -s "$here/package-lock.json" "$WEB_TEST_TOOLS/fetched.json"; then
        command -v npm >/dev/null || skip "there is no npm (Debian package: npm)"
        cp "$here/package.json" "$here/package-lock.json" "$WEB_TEST_TOOLS"
        (cd "$WEB_TEST_TOOLS" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund --silent) ||
            skip "npm cannot fetch the packages of package.json"
        cp "$here/package-lock.json" "$WEB_TEST_TOOLS/fetched.json"
    fi
    exec 9>&-
}
fetch
cd "$here"
[ $# -gt 0 ] || set -- *.test.mjs
exec node --test --test-concurrency=1 "$@"
