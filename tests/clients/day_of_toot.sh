#!/usr/bin/env bash
# A person's day through toot, the command-line client, with a token in hand.
# Usage: day_of_toot.sh TOOT ORIGIN TOKEN NAME OTHER_NAME
set -euo pipefail
toot=$1 origin=$2 token=$3 name=$4 other=$5
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_CONFIG_HOME=$home TOOT_DISABLE_HTTPS=1 NO_COLOR=1

expect() { # what toot is to print, and the command
    local wanted=$1; shift
    local printed
    printed=$("$toot" "$@" </dev/null 2>&1) || { echo "toot $*: failed: $printed"; exit 1; }
    grep -qF -- "$wanted" <<<"$printed" || { echo "toot $*: no \"$wanted\" in: $printed"; exit 1; }
    echo "ok: toot $*"
}

"$toot" --version
mkdir -p "$home/toot"
cat >"$home/toot/config.json" <<JSON
{"apps": {"${origin#http*://}": {"base_url": "$origin", "client_id": "x", "client_secret": "x", "instance": "${origin#http*://}"}},
 "users": {"$name@${origin#http*://}": {"access_token": "$token", "instance": "${origin#http*://}", "username": "$name"}},
 "active_user": "$name@${origin#http*://}"}
JSON
expect "$name" whoami
expect "Toot posted" post --language en "good morning from toot"
expect "good morning from toot" timelines home --no-pager --no-clear
expect "You are now following $other" follow "$other"
expect "$other" following "$name"
expect "You have muted $other" mute "$other"
expect "$other is no longer muted" unmute "$other"
expect "good morning" timelines account --no-pager --no-clear "$name"
expect "$other" search "$other"
expect "posted" post --poll-option tea --poll-option coffee --poll-expires-in "1 hour" "which one?"
expect "evening" lists create evening
expect "evening" lists list
expect "Added account" lists add evening "$other"
expect "You are now following #basement" tags follow basement
expect "basement" tags followed
expect "evening" lists list
