#!/usr/bin/env bash
# Resolves the requirements again; a version that stands in a lock stays unless --upgrade is given.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/index.sh
for name in uv base dev; do
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    "$@" "requirements/$name.in" --output-file "requirements/$name.txt"
done
