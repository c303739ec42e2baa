/** What the three commands of a provider owe, and the script that holds what they gave. Pure. */
import { z } from 'zod'
import { linesOf } from '../../../src-core/basics/lines.ts'
import { splitWords } from '../../../src-core/basics/split-words.ts'
import type { CommandsProvider } from '../../../src-core/provider.ts'
import { shellQuote } from '../../machines/transport/shell-quote.ts'

/** Before each line that `acquire` printed, before its status, and before each name that was not taken back. */
export const ACQUIRED_LINE = 'slipway-given '
export const ACQUIRE_ENDED = 'slipway-acquire-ended '
export const KEPT = 'slipway-kept '
export const RELEASED = 'slipway-released'

/** A machine as `list` tells of it. */
export type OfferedMachine = {
  readonly name: string
  /** What `ssh` is given; the name where nothing is said, unless there is a command. */
  readonly host: string
  /** Instead of SSH: as `command` of `[machine:NAME]`; empty for SSH. */
  readonly command: string
  /** In whatever the provider counts in; null where it does not say. */
  readonly costPerMinute: number | null
}

const mostMachines = 1000

const offered = z.object({
  name: z.string().min(1).max(253),
  host: z.string().max(1024).default(''),
  command: z.string().max(4096).default(''),
  cost_per_minute: z.number().min(0).max(1e9).nullable().default(null),
})

/** What `list` printed: a JSON array, or on each line an object of it or a name. Nonsense is passed over. */
export function parseOffers(text: string): readonly OfferedMachine[] {
  const whole = jsonIn(text)
  const items = Array.isArray(whole) ? whole : [...linesOf(text)].map(itemOfLine)
  const machines = new Map<string, OfferedMachine>()
  for (const item of items.slice(0, mostMachines)) {
    const read = offered.safeParse(typeof item === 'string' ? { name: item } : item)
    if (!read.success) continue
    const { name, host, command, cost_per_minute: costPerMinute } = read.data
    if (machines.has(name)) continue
    machines.set(name, { name, command, costPerMinute, host: host || name })
  }
  return [...machines.values()]
}

function itemOfLine(line: string): unknown {
  return jsonIn(line) ?? line.trim().split(/\s+/)[0]
}

function jsonIn(text: string): unknown {
  const isJson = /^\s*[[{]/.test(text)
  try {
    return isJson ? JSON.parse(text) : null
  } catch {
    return null
  }
}

/** `list` as it is run, within its limit. */
export function listScript({ list, limitSeconds }: CommandsProvider): string {
  return `${withinLimit}\nwithin ${limitSeconds} ${shellQuote(splitWords(list))} </dev/null`
}

/** What a person runs to give a machine back. */
export function releaseByHand({ release }: CommandsProvider, name: string): string {
  return shellQuote([...splitWords(release), name])
}

/** Acquires, and releases each name that came as soon as its input ends, also in the middle of it. */
export function holdScript(provider: CommandsProvider, nodes: number): string {
  const { acquire, release, limitSeconds } = provider
  return `${withinLimit}
given=$(within ${limitSeconds} ${shellQuote([...splitWords(acquire), String(nodes)])} </dev/null)
status=$?
given=$(printf '%s\\n' "$given" | head -n ${mostMachines})
printf '%s\\n' "$given" | sed 's/^/${ACQUIRED_LINE}/'
echo "${ACQUIRE_ENDED}$status"
cat >/dev/null
kept=0
while read -r name rest; do
  [ -n "$name" ] || continue
  within ${limitSeconds} ${shellQuote(splitWords(release))} "$name" </dev/null && continue
  echo "${KEPT}$name"
  kept=1
done <<END
$given
END
[ $kept = 1 ] || echo ${RELEASED}
exit $kept`
}

/** `timeout` is not everywhere. */
const withinLimit = `within() {
  if command -v timeout >/dev/null; then timeout -k 5 "$@"; else shift; "$@"; fi
}`
