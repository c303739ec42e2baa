#!/bin/sh
# The power cord of one lab host: runs COMMAND for as long as descriptor 3 stays
# open, then ends every process of the host. The lab holds the other end, so a
# lab that dies, even of SIGKILL, takes its hosts along.
#
# usage: power.sh COOKIE COMMAND [ARG ...] 3<PIPE
cookie=$1
shift

# Children, and theirs: sshd's helpers leave their group and overwrite their environment.
descendants() {
	for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
		echo "$child"
		descendants "$child"
	done
}

# What lost its parents still carries the cookie.
strays() {
	grep -lsz "^SLIPWAY_LAB_HOST=$cookie\$" /proc/[0-9]*/environ | cut -d/ -f3
}

# A shell gives what it starts in the background no stdin of ours, unless told.
exec 4<&0
"$@" <&4 3<&- 4<&- &
host=$!
exec </dev/null 4<&- >/dev/null 2>&1 # so that the host's output ends with the host
read -r _ <&3

# Stopped first, so that nothing forks away between listing and killing.
kill -STOP "$host"
kill -KILL "$host" $(descendants "$host")
wait "$host"
while pids=$(strays) && [ -n "$pids" ]; do
	kill -KILL $pids
done
exit 0
