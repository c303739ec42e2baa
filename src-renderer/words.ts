/** Numbers, times, machines and commands as people say them. */
import { LOCAL } from '../src-core/model.ts'
import { commands, type MachineCommand } from '../src-preload/commands.ts'

/** What a person calls a machine. */
export function machineTitle(name: string): string {
  return name === LOCAL ? 'this computer' : name
}

/** What a command is called that there is one of for each machine. */
export function commandTitle(id: MachineCommand, machine: string): string {
  return commands[id].title.replace('{machine}', () => machineTitle(machine))
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** `moa, ruru and this computer`; long lists are cut: `moa, ruru and 9 more`. */
export function listed(words: readonly string[], most = 4): string {
  if (words.length > most) {
    return `${words.slice(0, most - 1).join(', ')} and ${words.length - most + 1} more`
  }
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** The same where it begins a line. */
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

/** `+12`, `-3.5`. */
export function signed(bytes: number): string {
  const short = Math.abs(bytes) < 10 ? Math.round(bytes * 10) / 10 : Math.round(bytes)
  return `${short > 0 ? '+' : ''}${short.toLocaleString('en')}`
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

/** Why boards are not built, without buildman's preface, and with people's name for this computer. */
export function reasonText(reason: string): string {
  return reason
    .replace(/^Tool chain error for [^:]+: (?=no toolchain for )/, '')
    .replace(/\bon local\b/g, 'on this computer')
}
