#!/usr/bin/env bash
# Makes secrets/ for compose.yaml: what can be made up is made up, the rest is an empty file, which counts as not set.
# A file that is there already is left alone, so that this can be run again after an upgrade.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Only the owner gets into the folder; inside the container, the program's own user must be able to read the files.
mkdir -p secrets
chmod 700 secrets
umask 022

keep() {
  if [ -e "secrets/$1" ]; then cat >/dev/null; else cat >"secrets/$1"; fi
}

random() {
  head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}

head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' | keep database_password
printf 'postgresql://bot:%s@db/bot' "$(cat secrets/database_password)" | keep database_url
random 32 | keep data_key
random 48 | tr -d '=' | keep telegram_webhook_secret
random 48 | tr -d '=' | keep lead_webhook_secret
random 48 | tr -d '=' | keep metrics_token
keep telegram_bot_token </dev/null
keep mail_url </dev/null

echo "secrets/ is ready. To fill in: secrets/telegram_bot_token, secrets/mail_url."
echo "Keep a copy of secrets/data_key elsewhere: without it the data cannot be read, not even from a backup."
