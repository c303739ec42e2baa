import { colourDifference, type Vision, visions } from './colour-difference.ts'

/** A colour of the palette in use: a machine's, by its name, or that of a slot nobody has yet. */
export type NamedColour = { readonly name: string; readonly colour: string }

/**
 * Differences (CIEDE2000) below which two colours are too near. The built-in palette keeps 20.5
 * for normal eyes and 12.4 for the worst of the others (`machine-colours.ts`).
 */
const enough: Record<Vision, number> = { normal: 12, protan: 8, deutan: 8, tritan: 8 }
/** A machine must not look as if something had failed. */
const failedRed = '#c8102e'
const awayFromRed = 15

const eyes: Record<Vision, string> = {
  normal: '',
  protan: ' for people who see no red',
  deutan: ' for people who see no green',
  tritan: ' for people who see no blue',
}

/** What is wrong with a palette, in sentences; empty where nothing is. */
export function colourWarnings(palette: readonly NamedColour[]): readonly string[] {
  const red = palette
    .filter(({ colour }) => colourDifference(colour, failedRed) < awayFromRed)
    .map(({ name }) => `${name} looks like a failure: its colour is too near to red.`)
  const near = palette.flatMap((one, index) =>
    palette.slice(index + 1).flatMap((other) => {
      const vision = visions.find(
        (eye) => colourDifference(one.colour, other.colour, eye) < enough[eye],
      )
      return vision === undefined
        ? []
        : [`${one.name} and ${other.name} are hard to tell apart${eyes[vision]}.`]
    }),
  )
  return [...red, ...near]
}
