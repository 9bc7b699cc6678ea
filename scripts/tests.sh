#!/usr/bin/env bash
# All tests in random order, on servers of their own unless DATABASE_URL and REDIS_URL name others.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
export TNW_DATA=.tnw-test
# Every worker, and every process that a test starts, would else compile all that it imports.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$PWD/.tnw-test/bytecode
# Its data need not outlive a power cut, so nothing waits for the disk.
export TNW_PG_OPTIONS="-c fsync=off -c full_page_writes=off ${TNW_PG_OPTIONS:-}"

printf '\n== Browser\n'
TNW_CHROMIUM=$(scripts/chromium.sh)
export TNW_CHROMIUM
echo "$TNW_CHROMIUM"
printf '\n== Verifier of seals\n'
TNW_PDFSIG=$(scripts/poppler.sh)
export TNW_PDFSIG
echo "$TNW_PDFSIG"
printf '\n== Tests\n'
exec .venv/bin/python -m pytest -n 3 --dist worksteal --durations=20 --durations-min=5 "$@"
