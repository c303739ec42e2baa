#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: pack.sh ALLOW_MISSING NAMED BLOB REQUIRED IMAGE OUTPUT FOLDER...
#
# Join an image and the file of the chip's maker: the one that is NAMED, else
# that of the first folder that has it. Without that file there is no
# image, unless ALLOW_MISSING is 1: then a faked one is made, and said so. A
# board that is of no use without the file (REQUIRED=y) ends with an error even then.

allow=$1 blob=${2:-$3} required=$4 image=$5 output=$6
shift 6

for folder in '' "$@"; do
	file=${folder:+$folder/}$blob
	[ -f "$file" ] || continue
	cat "$image" "$file" >"$output"
	exit
done
if [ "$allow" != 1 ]; then
	echo "binman: Filename '$blob' not found in input path ($*)" >&2
	exit 1
fi
{ cat "$image"; printf 'faked'; } >"$output"
echo "Image 'main-section' is missing external blobs and is non-functional: $blob" >&2
echo >&2
echo "Some images are invalid" >&2
[ "$required" != y ] || exit 103
