/** Machines, numbers and reasons as people say them. */
import { LOCAL } from '../model.ts'

/** What a person calls a machine. */
export function machineTitle(name: string): string {
  return name === LOCAL ? 'this computer' : name
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

/** A text that stands for itself: `Mean size of u-boot: arm +12.` */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** `15:28`, in the time of this computer; `at` in milliseconds since 1970. */
export function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 5)
}

/** `+12`, `-3.5`. */
export function signed(bytes: number): string {
  const short = Math.abs(bytes) < 10 ? Math.round(bytes * 10) / 10 : Math.round(bytes)
  return `${short > 0 ? '+' : ''}${short.toLocaleString('en')}`
}

/** Why boards are not built, without buildman's preface, and with people's name for this computer. */
export function reasonText(reason: string): string {
  return reason
    .replace(/^Tool chain error for [^:]+: (?=no toolchain for )/, '')
    .replace(/\bon local\b/g, 'on this computer')
}

/** The last part of a tree's path: `u-boot`. */
export function treeName(dir: string): string {
  return dir.split(/[\\/]/).findLast((part) => part !== '') ?? dir
}
