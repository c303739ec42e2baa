import { ownValue } from './basics/own-value.ts'
import { LOCAL } from './model.ts'
import { giverOf } from './provider.ts'

/**
 * The colours of machines. Hue says machine and nothing else, so no other part of the window
 * may use these. In slot order: slot 1 is always this computer. Chosen for the smallest
 * pairwise difference under protan, deutan and tritan vision.
 */
export const machineHues = [
  '#E0C70C',
  '#3549CA',
  '#813C0B',
  '#39BAB4',
  '#7A9014',
  '#C6D8B6',
  '#B688FE',
  '#5B4B67',
  '#AB8578',
  '#436553',
  '#4383A1',
  '#F5CCFE',
] as const

/** A machine's look: its colour, the ink that reads on it, and whether dots tell it from an earlier one. */
export type MachineHue = {
  readonly colour: string
  readonly ink: Ink
  /** From the 13th machine on a hue comes again, with dots. */
  readonly dotted: boolean
}

export type Ink = '#000000' | '#ffffff'

/** Colours by machine that a person chose instead of the built-in ones. */
export type ChosenColours = Readonly<Record<string, string>>

/** A machine and its palette slot (from 1), which the boss decides (`machine-hues.ts` there). */
export type HuedMachine = { readonly name: string; readonly hue: number }

/** Where no machine is meant, or none is known. */
export const noMachine: MachineHue = { colour: '#8a8f98', ink: '#000000', dotted: false }

/** The colour of a machine: the chosen one, else that of its slot. */
export function machineHue({ name, hue }: HuedMachine, chosen: ChosenColours): MachineHue {
  const own = chosenColour(name, chosen)
  if (own !== undefined) return { colour: own, ink: inkOn(own), dotted: false }
  const colour = machineHues[(hue - 1) % machineHues.length]
  if (colour === undefined) return noMachine
  return { colour, ink: inkOn(colour), dotted: hue > machineHues.length }
}

/** What a person chose for a machine, which may be called `constructor`. */
export function chosenColour(machine: string, chosen: ChosenColours): string | undefined {
  return ownValue(chosen, machine)
}

export type MachineLook = MachineHue & { readonly code: string }
export const noLook: MachineLook = { ...noMachine, code: '' }

/** What tells each of these machines from the others: colour and code, by name. */
export function machineLooks(
  machines: readonly HuedMachine[],
  chosen: ChosenColours,
): ReadonlyMap<string, MachineLook> {
  const codes = machineCodes(machines.map(({ name }) => name))
  return new Map(
    machines.map((machine) => [
      machine.name,
      { ...machineHue(machine, chosen), code: codes.get(machine.name) ?? '' },
    ]),
  )
}

/** Black or white, whichever reads better on a colour (`#rrggbb`); WCAG's contrast ratio. */
export function inkOn(colour: string): Ink {
  const light = luminance(colour)
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? '#000000' : '#ffffff'
}

/**
 * Two letters for each machine, all different, that recall its name where hue alone can't. What
 * all names have in common (`build-a1`, `build-b2`) says nothing and is left out, and so is who gave a machine.
 */
export function machineCodes(names: readonly string[]): ReadonlyMap<string, string> {
  const codes = new Map<string, string>()
  const taken = new Set<string>()
  const isOwn = (name: string) => name !== LOCAL && giverOf(name) === ''
  const shared = sharedStart(names.filter(isOwn))
  for (const name of names) {
    const giver = giverOf(name)
    const own = giver === '' ? name : name.slice(giver.length + 1)
    for (const code of codeWishes(isOwn(name) ? name.slice(shared) : own)) {
      if (taken.has(code)) continue
      taken.add(code)
      codes.set(name, code)
      break
    }
  }
  return codes
}

/** Length of the words that all names begin with, up to a separator. */
function sharedStart(names: readonly string[]): number {
  const [first = '', ...others] = names
  if (others.length === 0) return 0
  const separators = [...first.matchAll(/[-_.]/g)].map(({ index }) => index + 1)
  return (
    separators.findLast((end) =>
      others.every((name) => name.startsWith(first.slice(0, end)) && name.length > end),
    ) ?? 0
  )
}

/** The codes a name would like, best first: its first letter with each later one, then counted. */
function* codeWishes(name: string): Generator<string> {
  const letters = name.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '') || 'M'
  const first = letters.slice(0, 1)
  for (const letter of letters.slice(1)) yield first + letter
  for (let digit = 1; digit <= 9; digit += 1) yield `${first}${digit}`
  for (let number = 0; number < 36 * 36; number += 1) {
    yield number.toString(36).toUpperCase().padStart(2, '0')
  }
}

/** Relative luminance, 0 to 1, of `#rrggbb`. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
