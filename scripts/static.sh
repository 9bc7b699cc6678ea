#!/usr/bin/env bash
# What can be checked without running the tests: the first that fails ends it. Also the pre-commit gate.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
export TNW_DATA=.tnw-test
# What one of them imports is compiled for the next, and for the tests.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$PWD/.tnw-test/bytecode
mkdir -p .tnw-test

heading() { printf '\n== %s\n' "$*"; }

# Settings of a server that has all its secrets; nothing connects to it.
production() {
  env DATABASE_URL='postgresql://tnw_app@localhost/tnw' DATABASE_OWNER_URL='postgresql://tnw_owner@localhost/tnw' \
    REDIS_URL='redis://localhost:6379/0' DJANGO_ALLOWED_HOSTS='tnw.example.org' \
    DJANGO_SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    TNW_BASE_URL='https://tnw.example.org' "$@"
}

# The types take longest: they are looked at beside the rest, and told in their turn.
.venv/bin/mypy . >.tnw-test/types 2>&1 &
types=$!
trap 'kill $types 2>/dev/null || true' EXIT

heading "Format (make format mends it)"
.venv/bin/ruff format --check .
heading "Lint"
.venv/bin/ruff check .
heading "Templates"
.venv/bin/djlint templates --check --quiet
.venv/bin/djlint templates --lint --quiet
heading "No address in a lock file"
if grep -nF '://' requirements/*.txt scripts/spectral/package-lock.json; then
  echo "A lock file names a host." >&2
  exit 1
fi
heading "Floors"
.venv/bin/lint-imports --no-logo
heading "Migrations"
.venv/bin/python manage.py makemigrations --check --dry-run
heading "Deployment"
production .venv/bin/python manage.py check --deploy --fail-level WARNING
heading "Contract of the API"
.venv/bin/python manage.py openapi --check
scripts/spectral.sh
heading "Translations"
.venv/bin/python manage.py check_translations
heading "Types"
wait $types || {
  cat .tnw-test/types
  exit 1
}
cat .tnw-test/types
