#!/usr/bin/env bash
# Writes into .env which images the tags in Dockerfile and compose.yaml are today, by digest: the digests written there
# are of the day of the release, and keep its faults. Run it to take what was mended meanwhile, then build anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The tag of the default in the file that uses it, so that it is written down once.
tag() {
  sed -n "s/.*$1:-\\([^}\"@]*\\)[^}\"]*}.*/\\1/p" compose.yaml | head -n 1
}

pin() {
  local name=$1 tag digest
  tag=$(tag "$name")
  [ -n "$tag" ] || { echo "compose.yaml has no default for $name" >&2; exit 1; }
  digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "no digest of $tag: the registry answered something else" >&2; exit 1; }
  touch .env
  local others
  others=$(grep -v "^$name=" .env || true)
  printf '%s\n%s\n' "$others" "$name=$tag@$digest" >.env
  echo "$name=$tag@$digest"
}

pin PYTHON_IMAGE
pin POSTGRES_IMAGE
