/** What is run on a cluster's login node. Names and options get there as quoted words only. */
import { splitWords } from '../../../src-core/basics/split-words.ts'
import type { SlurmProvider } from '../../../src-core/provider.ts'
import { shellQuote, shellWord } from '../../machines/transport/shell-quote.ts'

/** Before the status of `salloc`, on a line of its own. */
export const SALLOC_ENDED = 'slipway-salloc-ended '
/** That nothing is allocated any more. */
export const RELEASED = 'slipway-released'

/** States in which a job has, or will have, nodes. */
const living = 'PD,CF,R,S,RQ,SI,ST'
/** A job of that name which is somebody else's is none of ours. */
const ours = '-u "$(id -un)"'
/** Times that the cluster is asked to let go, a second apart. */
const mostTries = 20

export type AllocationRequest = {
  readonly nodes: number
  /** Of the job, and of no other. */
  readonly name: string
  /** Who wants it; `--comment`. */
  readonly owner: string
}

/**
 * Asks for an allocation and holds it until its input ends. `--no-kill`: the other nodes go on where one
 * fails; `--exclusive`: a worker uses all cores that it finds. The person's own options come last, and win.
 */
export function holdScript(provider: SlurmProvider, request: AllocationRequest): string {
  const { name, owner, nodes } = request
  const salloc = [
    ...['salloc', '--no-shell', '--no-kill', '--exclusive'],
    ...[`--job-name=${name}`, `--comment=${owner}`],
    `--nodes=1-${nodes}`,
    ...(provider.minutes > 0 ? [`--time=${provider.minutes}`] : []),
    ...optionalWords(provider),
    ...splitWords(provider.options),
  ]
  return `
(
  trap 'kill "$salloc" 2>/dev/null' TERM
  ${shellQuote(salloc)} </dev/null & salloc=$!
  wait "$salloc"
  echo "${SALLOC_ENDED}$?"
) & asking=$!
cat >/dev/null
kill "$asking" 2>/dev/null
wait "$asking"
tries=0
while [ $tries -lt ${mostTries} ]; do
  if jobs=$(squeue -h ${ours} -t ${living} -n ${shellWord(name)} -o %i); then
    [ -n "$jobs" ] || { echo ${RELEASED}; exit 0; }
    scancel $jobs
  fi
  tries=$((tries + 1))
  sleep 1
done
exit 1`
}

/** Says a line for the job of this name, and one for each of its nodes: see `parseJob`. */
export function askScript({ partition }: SlurmProvider, name: string): string {
  const among = partition === '' ? '' : `-p ${shellWord(partition)}`
  return `
SLURM_TIME_FORMAT=%s; export SLURM_TIME_FORMAT
jobs=$(squeue -h ${ours} -t all -n ${shellWord(name)} -o '%i|%T|%r|%S|%e|%N') || exit
[ -n "$jobs" ] || { echo none; exit; }
printf '%s\\n' "$jobs" | while IFS='|' read -r id state reason start end nodes; do
  place=
  [ "$state" != PENDING ] ||
    place=$(squeue -h -t PD -S -p ${among} -o %i | head -n 100000 | grep -nx "$id" | cut -d: -f1)
  echo "job|$id|$state|$reason|$start|$end|$place"
  [ "$state" != RUNNING ] || scontrol show hostnames "$nodes" | head -n 1000 | sed 's/^/node|/'
done`
}

/** What nodes there are: partition, limit of a job, number and state, a line each. */
export function describeScript(provider: SlurmProvider): string {
  const { partition } = provider
  const of = partition === '' ? [] : [`--partition=${partition}`]
  return shellQuote(['sinfo', '-h', '-o', '%P|%l|%D|%T', ...of])
}

/** All jobs of this account: number, name and owner, a line each. */
export const OWN_JOBS_SCRIPT = `squeue -h ${ours} -t ${living} -o '%i|%j|%k'`

export function cancelScript(ids: readonly string[]): string {
  return shellQuote(['scancel', ...ids])
}

/** What a person runs to give an allocation back. */
export function cancelByHand(name: string): string {
  return shellQuote(['scancel', `--name=${name}`])
}

/** The command that runs on a node of an allocation what follows it. */
export function stepCommand(job: string, node: string): string {
  const where = [`--jobid=${job}`, '--overlap', '-w', node, '-N1', '-n1']
  return ['srun', ...where, '--unbuffered', '--cpu-bind=none'].join(' ')
}

function optionalWords({ partition, account, constraint }: SlurmProvider): string[] {
  const words = { partition, account, constraint }
  return Object.entries(words).flatMap(([key, value]) =>
    value === '' ? [] : [`--${key}=${value}`],
  )
}
