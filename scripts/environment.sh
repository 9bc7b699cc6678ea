#!/usr/bin/env bash
# Makes .venv from the lock, or does nothing where it is up to date. Needs a Python 3.11 or 3.12 with venv.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/.locked
wanted=$(cat requirements/uv.txt requirements/dev.txt | sha256sum)

right() {
  "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1
}

if [ "$(cat $stamp 2>/dev/null)" = "$wanted" ] && right $venv/bin/python; then
  exit 0
fi

# One at a time: two commands may both find that there is something to do.
exec 9<scripts/environment.sh
flock 9 2>/dev/null || true
if [ "$(cat $stamp 2>/dev/null)" = "$wanted" ] && right $venv/bin/python; then
  exit 0
fi

if ! right $venv/bin/python; then
  python=
  for candidate in "${PYTHON:-}" python3.12 python3.11 python3 python; do
    if [ -n "$candidate" ] && right "$candidate"; then
      python=$candidate
      break
    fi
  done
  if [ -z "$python" ]; then
    echo "Python 3.11 or 3.12 with venv is needed (on Debian: python3 and python3-venv), and none was found." >&2
    echo "Where it has another name: make PYTHON=/path/to/python …" >&2
    exit 1
  fi
  echo "Making $venv with $("$python" --version)" >&2
  rm -rf $venv
  "$python" -m venv $venv
fi

$venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
  --require-hashes --no-deps --only-binary :all: -r requirements/uv.txt

source scripts/index.sh
$venv/bin/uv pip install --quiet --python $venv/bin/python --require-hashes --no-build -r requirements/dev.txt
echo "$wanted" >$stamp
