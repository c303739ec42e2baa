/** Times, sizes, commands and faults as people say them; what reports say, too, is in `src-core/basics/words.ts`. */

import { machineTitle } from '../src-core/basics/words.ts'
import { LOCAL } from '../src-core/model.ts'
import { commands, type MachineCommand } from '../src-preload/commands.ts'

/** What a command is called that there is one of for each machine. */
export function commandTitle(id: MachineCommand, machine: string): string {
  return commands[id].title.replace('{machine}', () => machineTitle(machine))
}

/** What a person calls a machine, where it begins a line. */
export function titleOf(name: string): string {
  return name === LOCAL ? 'This computer' : name
}

/** `12 s ago`, `3 min ago`; empty for never. Both in milliseconds since 1970. */
export function agoText(at: number, now: number): string {
  if (at <= 0) return ''
  const seconds = Math.max(0, (now - at) / 1000)
  return seconds < 5 ? 'now' : `${ageText(seconds)} ago`
}

/** `15.9 GB` or `512 MB`. */
export function megabytesText(megabytes: number): string {
  return megabytes >= 1000 ? `${(megabytes / 1024).toFixed(1)} GB` : `${Math.round(megabytes)} MB`
}

/** `45 s`, `12 min`, `3 h` or `2 days`. */
export function ageText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

/** `12.3 s`, `2:05 min` or `1:02:03 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)} h`
    : `${minutes}:${two(whole % 60)} min`
}

/** `+1,204 bytes`. */
export function bytesText(bytes: number): string {
  return `${bytes > 0 ? '+' : ''}${bytes.toLocaleString('en')} bytes`
}

/**
 * A line of a compiler or of make without what the mark beside it says already:
 * `spl.c:7: error: no such thing` is `spl.c:7: no such thing`, and make's closing "Stop." goes.
 */
export function faultText(line: string): string {
  return line
    .replace(/^([^\s:][^:]*(?::\d+){0,2}|\w+): (?:fatal )?(?:error|warning): /, '$1: ')
    .replace(/\.?\s+Stop\.$/, '')
}
