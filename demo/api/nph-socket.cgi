#!/bin/sh
# Opens any WebSocket (RFC 6455), says one thing, and closes it.  Not at once:
# Firefox loses a connection that ends before it has read the answer.
key=$(printf '%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11' \
    "${HTTP_SEC_WEBSOCKET_KEY:-}" | sha1sum | cut -c 1-40)
accept=$(while [ -n "$key" ]; do
    rest=${key#??}
    printf '%b' "\\0$(printf '%o' "0x${key%"$rest"}")"
    key=$rest
done | base64)

printf 'HTTP/1.1 101 Switching Protocols\r\n'
printf 'Upgrade: websocket\r\nConnection: Upgrade\r\n'
printf 'Sec-WebSocket-Accept: %s\r\n\r\n' "$accept"
text='the balance is 1000'
printf '\201%b%s' "\\0$(printf '%o' "${#text}")" "$text"
sleep 1
printf '\210\000'
