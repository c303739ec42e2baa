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
find "$root" -maxdepth 1 -name '.incoming-*' -mmin +120 -exec rm -rf {} + 2>/dev/null
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
place=${folder#"$work/new"}
place=$root/${place#/}
[ "$place" != "$root/" ] || place=$root/$name
mkdir -p "${place%/*}" || give_up "can't make ${place%/*}"
# A toolchain of that name makes way only for a whole one.
if [ -e "$place" ]; then mv "$place" "$work/old" || give_up "can't replace $place"; fi
mv "$folder" "$place" || {
	[ -e "$work/old" ] && mv "$work/old" "$place"
	give_up "can't put the toolchain at $place"
}
printf 'installed\t%s\t%s\t%s\n' "$place/bin/${gcc##*/}" \
	"$(printf '%s\n' "$version" | head -n 1 | tr '\t' ' ')" "$target"
