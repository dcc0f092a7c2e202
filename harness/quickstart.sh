#!/usr/bin/env bash
# Installs missing packages, builds, runs the demo evaluation and prints where the report is and how to rate the answers.
# usage: harness/quickstart.sh [FOLDER FOR THE REPORT]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:-$root/out/demo}

"$root/harness/build.sh"
cd "$root"
bellwether=$root/build/release/harness/cli/bellwether
"$bellwether" demo --out "$out"
# Answers of demo:helpful and demo:chat, to be compared blind.
"$bellwether" rate open-study --name demo --run 2 --run 3 --task helpfulness_60 --db "$out/demo.sqlite" >/dev/null
echo "Rating:   $bellwether rate serve demo --db '$out/demo.sqlite', then open http://127.0.0.1:8080/lead for links to the rating page"
