#!/bin/sh
# A copy of this system that forgets: what is installed or written in it is gone with it. It has an
# account "builder", no Node, and nothing of people's homes.
#
# usage: clean-system.sh DIR      (prints its process id; ends when stdin does)
set -eu
dir=$1 system=$1/system

# /proc is still the outer one, so this is our PID as the test sees it.
read -r outer _ </proc/self/stat
mkdir -p "$dir/upper" "$dir/work" "$system"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" "$system"
mount --rbind /dev "$system/dev"
mount -t proc proc "$system/proc"
for hidden in tmp root home; do mount -t tmpfs tmpfs "$system/$hidden"; done
chmod 1777 "$system/tmp"
for name in node nodejs npm; do
	for folder in /usr/bin /usr/local/bin; do
		if [ -e "$system$folder/$name" ]; then rm -rf "$system$folder/$name"; fi
	done
done
chroot "$system" useradd --create-home --shell /bin/sh builder
echo "pid $outer"
read -r _ || true
