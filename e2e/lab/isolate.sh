#!/bin/sh
# Becomes PID 1 of an isolated lab host, in namespaces of its own (see isolated.ts).
#
# usage: isolate.sh DIR NAME ADDRESS GATEWAY HOME FILES     (a line on stdin: the cable is in)
set -eu
dir=$1 name=$2 address=$3 gateway=$4 home=$5 shared=$6

# /proc is still the outer one, so this is our PID as the lab sees it.
read -r outer _ </proc/self/stat
echo "pid $outer"
read -r _

ip link set lo up
ip link set eth0 up
ip addr add "$address/24" dev eth0
ip route add default via "$gateway"
hostname "$name"
mount --make-rprivate /
mount -t proc proc /proc
mount --bind "$dir/loadavg" /proc/loadavg
mount --bind "$dir/../hosts" /etc/hosts
mount --bind /dev/null /etc/resolv.conf # unknown names fail at once
mount --bind "$dir/etc" /etc/ssh
mount --bind "$dir/run" /run
mount --bind "$shared" "$home"
# Last, since these hide $dir: what is the lab's is not to be found from the host.
mount --bind "$dir/tmp" /tmp
labs=${dir%/*/*}
if [ -d "$labs" ]; then mount --bind /tmp "$labs"; fi
cd /
exec env -i PATH="$PATH" /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config
