# Ends workers and everything they started, and removes their locks. Never by a name alone: what is
# ended has the start time that the boss saw, and is named by a lock, bears the worker's cookie, or is
# this account's `buildman --worker`. POSIX sh; needs Linux's /proc.
#
# The boss sends assignments first, then this text, on the standard input of `sh`:
#   nonce    frames the reply, as in probe.sh
#   targets  one a line: kind (slipway, buildman), pid, start time, lock; separated by spaces;
#            `-` for an empty field; the lock comes last and may hold spaces
# The reply, a line a target in their order: `killed N`, `refused WHY`, or `left N PIDS`; then `lock
# removed`, `lock kept` or `lock none`; all fields separated by tabs.

LC_ALL=C
export LC_ALL
uid=$(id -u)
boot_id=$(cat /proc/sys/kernel/random/boot_id)
pause() { sleep 0.05 2>/dev/null || sleep 1; }

read_stat() {
	IFS= read -r stat <"/proc/$1/stat" || return 1
	# shellcheck disable=SC2086 # the fields behind the name are words
	set -- ${stat##*") "}
	state=$1 ppid=$2 start=${20}
	[ -n "$start" ]
}

# Not every test knows -O.
is_own() { [ -O "$1" ] 2>/dev/null || [ -n "$(find "$1" -prune -user "$uid")" ]; }

# A zombie is dead: it only waits for its parent to notice.
is_alive() {
	read_stat "$1" || return 1
	case $state in Z | X) return 1 ;; esac
}

is_same() { is_alive "$1" && [ "$start" = "$2" ]; }

field_of_lock() {
	sed -n "s/.*\"$2\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p" "$1" | head -n 1
}

environment_of() { tr '\0' '\n' <"/proc/$1/environ"; }

cookie_of() { environment_of "$1" | sed -n 's/^SLIPWAY_WORKER=//p' | head -n 1; }

# This account's processes with a worker's cookie. Accounts that share a user id differ in HOME.
with_cookie() {
	[ -n "$1" ] || return
	for file in $(grep -l -s -F -e "SLIPWAY_WORKER=$1" /proc/[0-9]*/environ); do
		pid=${file#/proc/}
		pid=${pid%/environ}
		is_own "/proc/$pid" && [ "$(cookie_of "$pid")" = "$1" ] &&
			environment_of "$pid" | grep -q -x -F -e "HOME=$HOME" && is_alive "$pid" && printf '%s\n' "$pid"
	done
}

is_buildman_worker() {
	tr '\0' '\n' <"/proc/$1/cmdline" | awk '
		NR == 1 { python = $0 ~ /(^|\/)python[0-9.]*$/; next }
		/(^|\/)(main\.py|buildman)$/ { program = 1 }
		$0 == "--worker" { worker = 1 }
		END { exit !(python && program && worker) }'
}

# The roots and all that descends from them, without ourselves and those we descend from.
family() {
	for folder in /proc/[0-9]*; do
		is_alive "${folder#/proc/}" && printf '%s %s\n' "${folder#/proc/}" "$ppid"
	done | awk -v roots="$1" -v self=$$ '
		{ pids[NR] = $1; parent[$1] = $2 }
		END {
			for (pid = self; pid > 0; pid = parent[pid]) ours[pid] = 1
			n = split(roots, root, " ")
			for (i = 1; i <= n; i++) own[root[i]] = 1
			do {
				more = 0
				for (i = 1; i <= NR; i++)
					if (!(pids[i] in own) && !(pids[i] in ours) && (parent[pids[i]] in own))
						more = own[pids[i]] = 1
			} while (more)
			for (i = 1; i <= NR; i++)
				if ((pids[i] in own) && !(pids[i] in ours)) print pids[i]
		}'
}

# Stopped first: what is stopped starts nothing new, so a round that finds no more has them all.
end_family() {
	root=$1 cookie=$2 stopped= killed=0
	for round in 1 2 3 4 5 6 7 8 9 10; do
		fresh=
		for pid in $(family "$root $(with_cookie "$cookie" | tr '\n' ' ')"); do
			case " $stopped " in *" $pid "*) continue ;; esac
			kill -STOP "$pid" && fresh="$fresh $pid"
		done
		[ -n "$fresh" ] || break
		stopped="$stopped$fresh"
	done
	for pid in $stopped; do kill -KILL "$pid" && killed=$((killed + 1)); done
}

remaining() {
	for pid in $stopped $(with_cookie "$cookie"); do
		is_alive "$pid" && printf '%s ' "$pid"
	done
}

wait_for_end() {
	for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		left=$(remaining)
		[ -n "$left" ] || return 0
		for pid in $left; do kill -KILL "$pid"; done
		pause
	done
	return 1
}

is_lock_of_ours() {
	case $1 in
	*/../* | */./*) return 1 ;;
	*/slipway/worker-*.lock | "/tmp/slipway-$uid"/worker-*.lock | \
		"$HOME/.cache/slipway/locks"/*/worker-*.lock) [ -f "$1" ] && is_own "$1" ;;
	*) return 1 ;;
	esac
}

slipway_target() {
	pid=$1 seen=$2 lock=$3 uuid= root=
	if is_lock_of_ours "$lock"; then
		uuid=$(field_of_lock "$lock" uuid)
		[ "$(field_of_lock "$lock" pid)" = "$pid" ] &&
			[ "$(field_of_lock "$lock" start_time)" = "$seen" ] &&
			[ "$(field_of_lock "$lock" boot_id)" = "$boot_id" ] && is_same "$pid" "$seen" && root=$pid
	fi
	if [ -z "$root" ] && is_same "$pid" "$seen"; then
		cookie=$(cookie_of "$pid")
		[ -n "$cookie" ] && { [ -z "$uuid" ] || [ "$uuid" = "$cookie" ]; } && root=$pid uuid=$cookie
	fi
	if [ -z "$root" ] && ! is_lock_of_ours "$lock"; then
		printf 'refused\tneither a lock nor a cookie says that process %s is this worker\n' "$pid"
		return 1
	fi
	end_family "$root" "$uuid"
	if wait_for_end; then printf 'killed\t%s\n' "$killed"; else printf 'left\t%s\t%s\n' "$killed" "$left"; fi
}

# The worker that was to be ended may have taken a new lock, or another one this lock's place.
remove_lock() {
	is_lock_of_ours "$lock" || { printf 'lock\tnone\n' && return; }
	holder=$(field_of_lock "$lock" pid)
	if [ "$(field_of_lock "$lock" uuid)" != "$uuid" ] || [ -n "$left" ] ||
		{ [ "$(field_of_lock "$lock" boot_id)" = "$boot_id" ] &&
			is_same "${holder:-0}" "$(field_of_lock "$lock" start_time)"; }; then
		printf 'lock\tkept\n'
	else
		rm -f "$lock" && printf 'lock\tremoved\n'
		# The pipe of its job server; only the worker itself would have removed it.
		case $uuid in '' | */*) ;; *) rm -f "${lock%/*}/jobs-$uuid" ;; esac
	fi
}

buildman_workers() {
	for file in $(grep -l -s -e '--worker' /proc/[0-9]*/cmdline); do
		pid=${file#/proc/}
		pid=${pid%/cmdline}
		is_own "/proc/$pid" && is_alive "$pid" && is_buildman_worker "$pid" &&
			environment_of "$pid" | grep -q -x -F -e "HOME=$HOME" && printf '%s ' "$pid"
	done
}

buildman_target() {
	if [ "$1" -gt 0 ] && is_same "$1" "$2"; then
		case " $(buildman_workers)" in
		*" $1 "*) end_family "$1" '' ;;
		*)
			printf 'refused\tprocess %s is not a buildman worker of this account\n' "$1"
			return 1
			;;
		esac
	fi
	if wait_for_end; then printf 'killed\t%s\n' "$killed"; else printf 'left\t%s\t%s\n' "$killed" "$left"; fi
}

remove_buildman_lock() {
	if [ ! -f "$HOME/dev/.bm-worker/.lock" ]; then
		printf 'lock\tnone\n'
	elif [ -n "$(buildman_workers)" ]; then
		printf 'lock\tkept\n'
	else
		rm -f "$HOME/dev/.bm-worker/.lock" && printf 'lock\tremoved\n'
	fi
}

kill_workers() {
	printf '\n@@slipway %s begin\n' "$nonce"
	printf '%s\n' "$targets" | while read -r kind pid seen lock; do
		stopped= killed=0 left= cookie= uuid=
		case $pid in '' | *[!0-9]*) continue ;; esac
		if [ ! -r /proc/self/stat ]; then
			printf 'refused\twithout /proc no process can be told from another\n'
			continue
		fi
		case $kind in
		slipway) slipway_target "$pid" "$seen" "$lock" && remove_lock ;;
		buildman) buildman_target "$pid" "$seen" && remove_buildman_lock ;;
		esac
	done
	printf '@@slipway %s end\n' "$nonce"
}

kill_workers </dev/null 2>/dev/null
