# Unpacks a toolchain below ~/.buildman-toolchains: whole and working, or not at all. POSIX sh.
# The archive (.tar.xz) comes on standard input; assignments stand before this text:
#   arch  the architecture that its compiler must be for
#   name  folder to use where the archive has none of its own
# Says `installed`, the compiler, its version line and its target, separated by tabs.

LC_ALL=C
export LC_ALL
root=$HOME/.buildman-toolchains

give_up() {
	printf '%s\n' "$1" >&2
	exit 1
}

mkdir -p "$root" || give_up "can't make $root"
# What an earlier try left that was cut off, but not what another one is just doing.
find "$root" -maxdepth 1 '(' -name '.incoming-*' -mmin +120 -o -name '.replaced-*' -mmin +2880 ')' \
	-exec rm -rf {} + 2>/dev/null
work=$(mktemp -d "$root/.incoming-XXXXXX") || give_up "can't write to $root"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

mkdir "$work/new"
command -v xz >/dev/null 2>&1 || command -v busybox >/dev/null 2>&1 ||
	give_up 'there is no xz to unpack it with'
tar -xJf - -C "$work/new" || give_up 'the archive is damaged or was cut off, or the disk is full'

gcc=$(find "$work/new" -path '*/bin/*' -name "$arch-*gcc" | sort | head -n 1)
[ -n "$gcc" ] || give_up "the archive has no compiler for $arch"
version=$("$gcc" --version) || give_up 'its compiler does not run on this machine'
target=$("$gcc" -dumpmachine)
folder=${gcc%/bin/*}
compiler=bin/${gcc##*/}
compiles() {
	echo 'int one;' | "$1/$compiler" -x c -S -o /dev/null - >/dev/null 2>&1
}
compiles "$folder" || give_up 'its compiler compiles nothing on this machine'

place=${folder#"$work/new"}
place=$root/${place#/}
[ "$place" != "$root/" ] || place=$root/$name
mkdir -p "${place%/*}" || give_up "can't make ${place%/*}"
# Under a name that no toolchain has inside: see take_place.
ready=$work/ready-${work##*-}
mv "$folder" "$ready" || give_up "can't write to $root"

# Machines with one home may be of other kinds, and may be building with what is there: nothing is
# replaced that runs, or may run elsewhere.
is_same() {
	[ "$("$1/$compiler" --version 2>/dev/null)" = "$version" ] &&
		[ "$("$1/$compiler" -dumpmachine 2>/dev/null)" = "$target" ]
}
# mv puts one folder into another that is there: then somebody was quicker, and has the place.
take_place() {
	mv "$ready" "$1" || give_up "can't put the toolchain at $1"
	[ ! -e "$1/${ready##*/}" ] || mv "$1/${ready##*/}" "$ready" || give_up "can't put the toolchain at $1"
	[ ! -e "$ready" ]
}

kind=$(uname -m)
installed=
for at in "$place" "$place-$kind" "$place-$kind-2" "$place-$kind-3"; do
	if is_same "$at" && ! compiles "$at"; then
		# Broken for everybody. Who has a file of it open keeps that file.
		gone=$(mktemp -d "$root/.replaced-XXXXXX") && mv "$at" "$gone/" || give_up "can't replace $at"
	fi
	if { [ ! -e "$at" ] && take_place "$at"; } || { is_same "$at" && compiles "$at"; }; then
		installed=$at
		break
	fi
done
[ -n "$installed" ] || give_up "$place and the places beside it hold something else"
printf 'installed\t%s\t%s\t%s\n' "$installed/$compiler" \
	"$(printf '%s\n' "$version" | head -n 1 | tr '\t' ' ')" "$target"
