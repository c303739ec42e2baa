# What the boss wants to know of a machine, in one round trip: facts, compilers, workers.
# POSIX sh; runs with dash, bash and busybox, on Linux and as far as it goes on macOS.
#
# The boss sends assignments first, then this text, on the standard input of `sh`:
#   nonce      a word that no login banner can know; frames the reply
#   work_dir   folder that it builds in; `~/` is the home; need not exist
#   compilers  the boss's compilers, one a line; `~/` is the home
#   parts      what to look at: machine, workers, tools, all_compilers
#   patience   seconds in which a tool or compiler is to answer
#   recall     `yes`: tools and compilers may be told from a note, see `noted`
# The reply: lines of fields separated by tabs, between `@@slipway NONCE begin` and `... end`.
# Figures go out as they are found, since the boss gives up what says nothing for long; the boss does
# the reading (src-main/machines/probe/parse-probe.ts).

LC_ALL=C
export LC_ALL
# nproc would count what OpenMP may use.
unset OMP_NUM_THREADS OMP_THREAD_LIMIT
uid=$(id -u)
tab=$(printf '\t')

# Every value is one field: no control character of it may look like ours.
fact() { printf '%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\t\r\n' '   ')"; }

# A tool that waits for something (a network home, a prompt) must not hold up the rest.
if timeout 5 true 2>/dev/null; then
	limited() { timeout "$patience" "$@" </dev/null 2>&1; }
else
	limited() { "$@" </dev/null 2>&1; }
fi

first_of() {
	for command in "$@"; do
		found=$(eval "$command" 2>/dev/null) && [ -n "$found" ] && printf '%s' "$found" && return
	done
}

machine() {
	fact system "$(uname -s)"
	fact arch "$(uname -m)"
	fact kernel "$(uname -r)"
	fact home "$HOME"
	fact builds_in "$(real_path "$work_dir")"
	fact path "$PATH"
	# Which computer it is: it may be reached under two names, or share its home with others.
	fact machine_id "$(cat /etc/machine-id)"
	fact pid_namespace "$(readlink /proc/self/ns/pid)"
	fact root_folder "$(identity /)"
	own=$(own_home)
	[ -z "$own" ] || [ "$(identity "$own")" = "$(identity "$HOME")" ] ||
		fact made_up_home "$(identity "$HOME")"
	fact cores "$(first_of 'nproc --all' 'getconf _NPROCESSORS_CONF' 'grep -c ^processor /proc/cpuinfo' 'sysctl -n hw.ncpu')"
	fact threads "$(first_of 'nproc' 'getconf _NPROCESSORS_ONLN' 'sysctl -n hw.ncpu')"
	fact bogomips "$(sed -n 's/^[Bb]ogo[Mm][Ii][Pp][Ss][^0-9]*//p' /proc/cpuinfo | head -n 1)"
	fact load "$(first_of 'cat /proc/loadavg' 'sysctl -n vm.loadavg' 'uptime | sed "s/.*average[s]*://"')"
	cpu_quota
	grep -E '^(MemAvailable|MemFree|Cached):' /proc/meminfo | sed "s/^/memory$tab/"
	[ -r /proc/meminfo ] || fact vm_stat "$(vm_stat)"
	fact disk "$(df -Pk "$(nearest_folder "$work_dir")" | tail -n 1)"
}

# What the system has for this account; empty where that can't be told.
own_home() {
	account=$(id -un)
	case $account in '' | [!A-Za-z_]* | *[!A-Za-z0-9._-]*) return ;; esac
	eval "printf '%s' ~$account"
}

identity() { stat -L -c %d:%i "$1"; }

# A control group may allow less than the cores that can be seen; any level can be the tightest.
cpu_quota() {
	group=$(sed -n 's/^0:://p' /proc/self/cgroup)
	while :; do
		[ -r "/sys/fs/cgroup$group/cpu.max" ] && fact cpu_quota "$(cat "/sys/fs/cgroup$group/cpu.max")"
		case $group in */*) group=${group%/*} ;; *) break ;; esac
	done
	[ -r /sys/fs/cgroup/cpu/cpu.cfs_quota_us ] && fact cpu_quota \
		"$(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us) $(cat /sys/fs/cgroup/cpu/cpu.cfs_period_us)"
}

at_home() {
	case $1 in
	'~') printf '%s' "$HOME" ;;
	'~/'*) printf '%s/%s' "$HOME" "${1#??}" ;;
	*) printf '%s' "$1" ;;
	esac
}

nearest_folder() {
	folder=$(at_home "$1")
	while [ ! -d "$folder" ]; do
		case $folder in */*) folder=${folder%/*} ;; *) folder=/ ;; esac
	done
	printf '%s' "${folder:-/}"
}

# Links followed, as make and the worker will see it; its last folders need not be there yet.
real_path() {
	asked=$(at_home "$1")
	there=$(nearest_folder "$1")
	printf '%s%s' "$(cd "$there" && pwd -P)" "${asked#"$there"}"
}

# What programs say of themselves costs processes: half the time of a probe. While they are the same
# files, for ten minutes (a script among them may call another program now), a note tells it.
# Arguments: name of the note, a command that makes the lines. Standard input: WHERE and PATH a line.
noted() {
	programs=$(cat)
	# A home may be shared by machines that have other programs.
	note=$HOME/.cache/slipway/probed-$1-$(uname -n)
	files=$(printf '%s\n' "$programs" | cut -f 2 | tr '\n' '\0' | xargs -0 ls -liLd) || recall=no
	key=$(printf '%s\n' "$programs" "$files" | cksum)
	[ "$recall" = yes ] && [ "$(head -n 1 "$note")" = "$key" ] && [ -n "$(find "$note" -mmin -10)" ] &&
		tail -n +2 "$note" && return
	mkdir -p "${note%/*}" && printf '%s\n' "$key" >"$note.$nonce"
	# Who was silent may answer next time.
	printf '%s\n' "$programs" | "$2" | tee -a "$note.$nonce" && ! grep -q "^silent$tab" "$note.$nonce" &&
		mv -f "$note.$nonce" "$note" ||
		rm -f "$note.$nonce"
	# A probe that was killed leaves what it wrote so far. No note is of use for an hour.
	find "${note%/*}"/probed-* -mmin +60 -exec rm -f {} \;
}

tools() {
	for name in make git node ccache dtc swig python3 xz; do
		path=$(command -v "$name") && printf '%s\t%s\n' "$name" "$path"
	done | noted tools each_tool
}

# Arguments: exit status of a program that failed, its path. An empty line says that we go on: many that wait
# for something must not look like one silence. `timeout` ends with 124, that of busybox with a signal's.
failed() {
	case $1 in
	124 | 137 | 143)
		printf 'silent\t%s\n' "$2"
		# Many that hang would use up the time of the whole probe.
		[ "$patience" -lt 5 ] || patience=5
		;;
	*) echo ;;
	esac
}

each_tool() {
	while IFS=$tab read -r name path; do
		option=--version
		[ "$name" = swig ] && option=-version
		# A version manager's stand-in that has nothing to run fails here, so it does not count.
		version=$(limited "$path" $option) || { failed $? "$path" && continue; }
		printf 'tool\t%s\t%s\t%s\n' "${name%3}" "$path" "$(printf '%s\n' "$version" | head -n 3 | tr '\t\r\n' '   ')"
	done
}

# Runs compilers to see whether they work and what they make.
each_compiler() {
	while IFS=$tab read -r where path; do
		version=$(limited "$path" --version) || { failed $? "$path" && continue; }
		# It may take as long again.
		echo
		printf 'compiler\t%s\t%s\t%s\t%s\n' "$where" "$path" \
			"$(printf '%s\n' "$version" | head -n 1 | tr '\t\r' '  ')" \
			"$(limited "$path" -dumpmachine | head -n 1 | tr '\t\r' '  ')"
	done
}

# Arguments: where it was found (boss, downloaded, system), path.
compiler() {
	[ -f "$2" ] && [ -x "$2" ] || return
	case $2 in *"$tab"* | *'
'*) return ;; esac
	printf '%s\t%s\n' "$1" "$2"
}

compilers_in() {
	# /bin is often /usr/bin: the same compilers need not be run twice.
	real=$(cd "$2" && pwd -P) || return
	case $folders_seen in *"|$real|"*) return ;; esac
	folders_seen="$folders_seen|$real|"
	for file in "$2"/*gcc; do compiler "$1" "$file"; done
}

all_compilers() { compiler_files | noted compilers each_compiler; }

compiler_files() {
	folders_seen=
	printf '%s\n' "$compilers" | while IFS= read -r file; do
		[ -n "$file" ] && compiler boss "$(at_home "$file")"
	done
	for root in "$HOME"/.buildman-toolchains/* "$HOME"/.buildman-toolchains/*/*; do
		for folder in "$root" "$root/bin" "$root/usr/bin"; do
			[ -d "$folder" ] && compilers_in downloaded "$folder"
		done
	done
	for folder in /usr/bin /usr/local/bin; do
		[ -d "$folder" ] && compilers_in system "$folder"
	done
	rest=$PATH:
	while [ -n "$rest" ]; do
		folder=${rest%%:*}
		rest=${rest#*:}
		case $folder in /*) [ -d "$folder" ] && compilers_in system "$folder" ;; esac
	done
	for root in /opt/* /opt/*/*; do
		for folder in "$root" "$root/bin" "$root/usr/bin"; do
			[ -d "$folder" ] && compilers_in system "$folder"
		done
	done
}

# Not every test knows -O.
is_own() { [ -O "$1" ] 2>/dev/null || [ -n "$(find "$1" -prune -user "$uid")" ]; }

modified() { stat -c %Y "$1" || stat -f %m "$1"; }

# Age in seconds of a file by this machine's clock; empty if it can't be had.
age_of() {
	changed=$(modified "$1") && printf '%s' "$(($(date +%s) - changed))"
}

# state, ppid, start and name of a process, without starting one. Parentheses are quoted, since ksh
# takes those of a pattern for its own.
read_stat() {
	IFS= read -r stat <"/proc/$1/stat" || return 1
	name=${stat#*"("}
	name=${name%")"*}
	# shellcheck disable=SC2086 # the fields behind the name are words
	set -- ${stat##*") "}
	state=$1 ppid=$2 start=${20}
	[ -n "$start" ]
}

# Whether an ssh server is among the ancestors: then somebody is still connected.
below_sshd() {
	ancestor=$1
	while [ "$ancestor" -gt 1 ] && read_stat "$ancestor"; do
		case $name in sshd* | dropbear*) return 0 ;; esac
		ancestor=$ppid
	done
	return 1
}

environment_of() { tr '\0' '\n' <"/proc/$1/environ"; }

process() {
	[ -d "/proc/$1" ] && read_stat "$1" || return
	line="process$tab$1$tab$ppid$tab$start$tab$state"
	connected=no
	below_sshd "$1" && connected=yes
	same_home=no
	environment_of "$1" | grep -q -x -F -e "HOME=$HOME" && same_home=yes
	printf '%s\t%s\t%s\t%s\t%s\n' "$line" "$connected" "$same_home" \
		"$(environment_of "$1" | sed -n 's/^SLIPWAY_WORKER=//p' | head -n 1)" \
		"$(tr '\0\t\r\n' '\037   ' <"/proc/$1/cmdline" | cut -c 1-1000)"
}

workers() {
	fact boot_id "$(cat /proc/sys/kernel/random/boot_id)"
	fact pid_namespace "$(readlink /proc/self/ns/pid)"
	fact uptime "$(cut -d ' ' -f 1 /proc/uptime)"
	fact clock_ticks "$(getconf CLK_TCK || echo 100)"
	pids=
	for folder in "${XDG_RUNTIME_DIR:-/nowhere}/slipway" "/run/user/$uid/slipway" "/tmp/slipway-$uid" \
		"$HOME/.cache/slipway/locks/$(uname -n)"; do
		[ -d "$folder" ] && is_own "$folder" || continue
		for lock in "$folder"/worker-*.lock; do
			[ -f "$lock" ] || continue
			content=$(tr '\t\r\n' '   ' <"$lock" | cut -c 1-4000)
			printf 'lock\t%s\t%s\t%s\n' "$lock" "$(age_of "$lock")" "$content"
			pids="$pids $(printf '%s' "$content" | sed -n 's/.*"pid" *: *\([0-9][0-9]*\).*/\1/p')"
		done
	done
	lock=$HOME/dev/.bm-worker/.lock
	[ -f "$lock" ] && printf 'buildman_lock\t%s\t%s\n' "$lock" "$(age_of "$lock")"
	pids="$pids $(grep -l -s 'SLIPWAY_WORKER=' /proc/[0-9]*/environ | sed 's/[^0-9]//g')"
	pids="$pids $(grep -l -s -e '--worker' /proc/[0-9]*/cmdline | sed 's/[^0-9]//g')"
	for pid in $(printf '%s\n' $pids | sort -n -u); do
		is_own "/proc/$pid" && process "$pid"
	done
}

probe() {
	printf '\n@@slipway %s begin\n' "$nonce"
	fact hostname "$(uname -n)"
	for part in $parts; do "$part"; done
	fact clock "$(date +%s.%N)"
	printf '@@slipway %s end\n' "$nonce"
}

probe </dev/null 2>/dev/null
