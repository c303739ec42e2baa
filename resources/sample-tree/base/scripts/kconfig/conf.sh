#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: conf.sh SRCTREE COMMAND [NAME]
#
# Writes .config and what follows from it into the current folder. Commands:
#   defconfig NAME   from configs/NAME
#   fragment NAME    .config, changed by configs/NAME
#   alldefconfig     from $KCONFIG_ALLCONFIG
#   olddefconfig     from .config; new options get their defaults
#   syncconfig       the same, because .config or a Kconfig file changed
#   savedefconfig    write `defconfig`, the shortest file that gives .config
#
# With $quiet set it says nothing.

set -e
tree=$1 command=$2 name=$3

evaluate() {	# evaluate MODE FILE...: settings in later files win
	mode=$1
	shift
	mkdir -p include/config include/generated
	awk -v tree="$tree" -v mode="$mode" -f "$tree/scripts/kconfig/conf.awk" "$@"
}
take() {
	[ ! -f .config ] || cp .config .config.old
	evaluate config "$@"
}
need() {
	[ -f "$1" ] && return
	printf '***\n*** Can'\''t find default configuration "%s"!\n***\n' "${1#"$tree"/}" >&2
	exit 1
}

case $command in
defconfig)
	need "$tree/configs/$name"
	settings=$tree/configs/$name
	if grep -q '^#include' "$settings"; then
		settings=.defconfig.included
		trap 'rm -f "$settings"' EXIT
		${CPP:-cc -E} -nostdinc -P -I "$tree" -undef -x assembler-with-cpp \
			"$tree/configs/$name" >"$settings"
	fi
	take "$settings"
	[ -n "$quiet" ] || printf '#\n# configuration written to .config\n#\n'
	;;
fragment)
	need "$tree/configs/$name"
	take .config "$tree/configs/$name"
	;;
alldefconfig) take "${KCONFIG_ALLCONFIG:-/dev/null}" ;;
olddefconfig) take .config ;;
syncconfig) evaluate config .config ;;
savedefconfig) evaluate savedefconfig .config ;;
*) echo "conf.sh: unknown command '$command'" >&2; exit 2 ;;
esac
