#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: version.sh SRCTREE RELEASE LOCALVERSION_AUTO
#
# Print the C macros for version and build time. Times are in UTC; with
# SOURCE_DATE_EPOCH set they are that moment.

tree=$1 release=$2 auto=$3
suffix=
if [ "$auto" = y ]; then
	hash=$(git -C "$tree" rev-parse --short=10 --verify HEAD 2>/dev/null) && suffix=-g$hash
fi
if [ -n "$SOURCE_DATE_EPOCH" ]; then
	when=$(date -u -d "@$SOURCE_DATE_EPOCH" '+%b %d %Y - %H:%M:%S' 2>/dev/null ||
		date -u -r "$SOURCE_DATE_EPOCH" '+%b %d %Y - %H:%M:%S')
else
	when=$(date -u '+%b %d %Y - %H:%M:%S')
fi
echo "#define BUILD_VERSION \"$release$suffix\""
echo "#define BUILD_TIME \"$when +0000\""
