#!/bin/sh
# Slipway's window and its terminal command in one: without a word on a display, or with "window", it
# is the window; with flags or boards it builds in the terminal.
lib=$(dirname "$(readlink -f "$0")")/../lib/slipway
if [ "${1-}" = window ]; then
	shift
	exec "$lib/app/slipway" "$@"
fi
if [ $# -eq 0 ] && [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
	exec "$lib/app/slipway"
fi
exec "$lib/node" "$lib/terminal/out/cli/slipway.mjs" "$@"
