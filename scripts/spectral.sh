#!/usr/bin/env bash
# Holds the contract of the API (or the document named) against Spectral and its OWASP rules: scripts/spectral/ruleset.yaml.
# Both come from npm, by the lock, into .tnw-spectral; where there is no npm, the distribution's is installed.
# To lock again: `npm install --package-lock-only` in scripts/spectral, and take the `funding` out of the lock.
set -euo pipefail
cd "$(dirname "$0")/.."
document=$(realpath "${1:-tnw/integration/rest/openapi.yaml}")
home=.tnw-spectral
wanted=$(cat scripts/spectral/package.json scripts/spectral/package-lock.json | sha256sum)

# The name that an override knows it by.
mkdir -p $home
exec 9>$home/.lock
flock 9 2>/dev/null || true

if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  if ! command -v apt-get >/dev/null; then
    echo "Spectral checks the contract of the API and needs node and npm, and there are none here: install them." >&2
    exit 1
  fi
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  echo "No npm here: installing the distribution's package." >&2
  {
    "${sudo[@]}" apt-get update -qq &&
      "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nodejs npm
  } </dev/null >&2 || {
    echo "apt-get could not install npm: install node and npm." >&2
    exit 1
  }
fi

if [ "$(cat $home/.locked 2>/dev/null)" != "$wanted" ]; then
  rm -rf $home/node_modules $home/.locked
  cp scripts/spectral/package.json scripts/spectral/package-lock.json scripts/spectral/.npmrc $home/
  (cd $home && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) </dev/null >&2 || {
    echo "npm could not install Spectral: is its registry there?" >&2
    exit 1
  }
  echo "$wanted" >$home/.locked
fi
cp scripts/spectral/ruleset.yaml $home/ruleset.yaml
cp "$document" $home/openapi.yaml
cd $home
exec node node_modules/@stoplight/spectral-cli/dist/index.js lint \
  --ruleset ruleset.yaml --fail-severity warn --display-only-failures --quiet openapi.yaml
