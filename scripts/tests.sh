#!/usr/bin/env bash
# All tests in random order, on servers of their own unless DATABASE_URL and REDIS_URL name others.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
export TNW_DATA=.tnw-test

printf '\n== Browser\n'
TNW_CHROMIUM=$(scripts/chromium.sh)
export TNW_CHROMIUM
echo "$TNW_CHROMIUM"
printf '\n== Tests\n'
exec .venv/bin/python -m pytest -n 2 "$@"
