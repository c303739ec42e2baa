#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: pack.sh ALLOW_MISSING BOARD_DIR BLOB REQUIRED IMAGE OUTPUT
#
# Join an image and the file of the chip's maker. Without that file there is no
# image, unless ALLOW_MISSING is 1: then a faked one is made, and said so. A
# board that is of no use without the file (REQUIRED=y) ends with an error even then.

allow=$1 folder=$2 blob=$3 required=$4 image=$5 output=$6

if [ -f "$folder/$blob" ]; then
	cat "$image" "$folder/$blob" >"$output"
	exit
fi
if [ "$allow" != 1 ]; then
	echo "binman: Filename '$blob' not found in input path ($folder)" >&2
	exit 1
fi
{ cat "$image"; printf 'faked'; } >"$output"
echo "Image 'main-section' is missing external blobs and is non-functional: $blob" >&2
echo >&2
echo "Some images are invalid" >&2
[ "$required" != y ] || exit 103
