#!/bin/sh
# All of the API: says what arrived.
[ "${CONTENT_LENGTH:-0}" = 0 ] || head -c "$CONTENT_LENGTH" >/dev/null
echo "Content-Type: text/plain"
echo
printf '%s' "$REQUEST_METHOD arrived"
[ -z "${REMOTE_USER:-}" ] || printf ' from %s' "$REMOTE_USER"
[ -z "${HTTP_COOKIE:-}" ] || printf ' with the cookie %s' "$HTTP_COOKIE"
echo
