#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: the system's, installed where it is missing and allowed.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done

missing() {
  echo "No Chromium: $1. Install the system's package 'chromium'; without it the browser tests cannot run." >&2
  # On a build server nothing may be left out; at a desk the other tests are worth running.
  [ "${CI:-}" = true ] && exit 1 || exit 0
}

root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install() {
  if command -v apt-get >/dev/null; then
    root apt-get update -qq &&
      root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
  elif command -v dnf >/dev/null; then
    root dnf install -q -y chromium
  elif command -v apk >/dev/null; then
    root apk add --quiet chromium
  elif command -v pacman >/dev/null; then
    root pacman -S --noconfirm --quiet chromium
  else
    missing "this script knows no package manager of this machine"
  fi
}

root true 2>/dev/null || missing "this user may not install packages"
echo "Installing the system's Chromium for the browser tests …"
install || missing "the package could not be installed"
