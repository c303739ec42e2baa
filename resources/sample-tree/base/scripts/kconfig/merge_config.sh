#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: merge_config.sh [-m] [-O DIR] BASE [FRAGMENT...]
#
# Merge configuration files, later ones win, into DIR/.config, and let the
# configuration settle unless -m is given. Says which settings did not last.

set -e
out=. settle=y
while getopts mO: opt; do
	case $opt in
	m) settle= ;;
	O) out=$OPTARG ;;
	*) sed -n '3s/^# //p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
for file in "$@"; do
	[ -r "$file" ] || { echo "merge_config.sh: cannot read '$file'" >&2; exit 1; }
done

merged=$out/.config.merged
trap 'rm -f "$merged"' EXIT
awk '
	/^CONFIG_[A-Za-z0-9_]+=/ { name = substr($0, 1, index($0, "=") - 1) }
	/^# CONFIG_[A-Za-z0-9_]+ is not set/ { name = $2 }
	!name { next }
	!(name in line) { order[++count] = name }
	{ line[name] = $0; name = "" }
	END { for (i = 1; i <= count; i++) print line[order[i]] }
' "$@" >"$merged"

if [ -z "$settle" ]; then
	cp "$merged" "$out/.config"
	exit 0
fi
merged_path=$(cd "$out" && pwd)/.config.merged
make -s O="$out" KCONFIG_ALLCONFIG="$merged_path" alldefconfig

while IFS= read -r wanted; do
	grep -qxF -- "$wanted" "$out/.config" && continue
	case $wanted in \#*) name=${wanted#\# } name=${name%% *} ;; *) name=${wanted%%=*} ;; esac
	echo "$name was asked for as '$wanted', but the configuration does not have it"
done <"$merged"
