#!/usr/bin/env bash
# Prints the path of a Chromium: the one named by TNW_CHROMIUM, Playwright's own, the system's,
# or the distribution's package, installed just now. Says on stderr why there is none.
# The headless shell comes first: the same engine without the windows that nobody looks at, and quicker.
set -uo pipefail

works() {
  [ -n "$1" ] && [ -x "$1" ] && "$1" --version >/dev/null 2>&1
}

if [ -n "${TNW_CHROMIUM:-}" ]; then
  works "$TNW_CHROMIUM" && { echo "$TNW_CHROMIUM"; exit 0; }
  echo "TNW_CHROMIUM names $TNW_CHROMIUM, which does not run." >&2
  exit 1
fi

for candidate in \
    "${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-/root}/.cache/ms-playwright}"/chromium-*/chrome-linux*/chrome \
    "$(command -v chromium-headless-shell)" "$(command -v chromium)" "$(command -v chromium-browser)" "$(command -v google-chrome)"; do
  works "$candidate" && { echo "$candidate"; exit 0; }
done

if ! command -v apt-get >/dev/null; then
  echo "No Chromium here: install one, or name it in TNW_CHROMIUM." >&2
  exit 1
fi
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo -n)
echo "No Chromium here: installing the distribution's package." >&2
{
  "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends chromium-headless-shell fonts-dejavu-core
} </dev/null >&2 || {
  echo "apt-get could not install Chromium: install one, or name it in TNW_CHROMIUM." >&2
  exit 1
}
found=$(command -v chromium-headless-shell)
works "$found" || { echo "Chromium was installed but does not run." >&2; exit 1; }
echo "$found"
