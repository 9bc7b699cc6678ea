#!/usr/bin/env bash
# Prints the path of pdfsig, with which tests verify a seal by a tool that is not ours: the one named by TNW_PDFSIG, the
# system's, or the distribution's package, installed just now. Says on stderr why there is none.
set -uo pipefail

works() {
  [ -n "$1" ] && [ -x "$1" ] && "$1" -v >/dev/null 2>&1
}

if [ -n "${TNW_PDFSIG:-}" ]; then
  works "$TNW_PDFSIG" && { echo "$TNW_PDFSIG"; exit 0; }
  echo "TNW_PDFSIG names $TNW_PDFSIG, which does not run." >&2
  exit 1
fi

found=$(command -v pdfsig)
works "$found" && { echo "$found"; exit 0; }

if ! command -v apt-get >/dev/null; then
  echo "No pdfsig here: install poppler's tools, or name it in TNW_PDFSIG." >&2
  exit 1
fi
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo -n)
echo "No pdfsig here: installing the distribution's poppler-utils." >&2
{
  "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends poppler-utils
} </dev/null >&2 || {
  echo "apt-get could not install poppler-utils: install it, or name pdfsig in TNW_PDFSIG." >&2
  exit 1
}
found=$(command -v pdfsig)
works "$found" || { echo "poppler-utils was installed but pdfsig does not run." >&2; exit 1; }
echo "$found"
