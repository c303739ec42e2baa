/** How different colours look, to eyes of all kinds. */

/** CIE L*a*b* under D65. */
export type Lab = readonly [l: number, a: number, b: number]
type Rgb = readonly [r: number, g: number, b: number]

/** Eyes without one kind of cone, and those with all three. */
export const visions = ['normal', 'protan', 'deutan', 'tritan'] as const
export type Vision = (typeof visions)[number]

/**
 * What is left of linear RGB without one kind of cone. Source: Machado, Oliveira, Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.0.
 */
const without: Record<Exclude<Vision, 'normal'>, readonly Rgb[]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** Difference of two colours (`#rrggbb`), CIEDE2000: 1 is just to be seen, 100 is black and white. */
export function colourDifference(a: string, b: string, vision: Vision = 'normal'): number {
  return ciede2000(labOf(a, vision), labOf(b, vision))
}

export function labOf(colour: string, vision: Vision = 'normal'): Lab {
  const seen = vision === 'normal' ? linear(colour) : apply(without[vision], linear(colour))
  const [x, y, z] = apply(toXyz, seen)
  const [fx, fy, fz] = [curve(x / 0.95047), curve(y), curve(z / 1.08883)]
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}

const toXyz: readonly Rgb[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
]

function apply(rows: readonly Rgb[], [r, g, b]: Rgb): Rgb {
  const [x = 0, y = 0, z = 0] = rows.map((row) => row[0] * r + row[1] * g + row[2] * b)
  return [x, y, z]
}

function linear(colour: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function curve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116
}

const degrees = (angle: number) => (angle * Math.PI) / 180
const cosine = (angle: number) => Math.cos(degrees(angle))
const hueOf = (a: number, b: number) =>
  a === 0 && b === 0 ? 0 : ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360

/**
 * CIEDE2000, all weights 1. Source: Sharma, Wu, Dalal, "The CIEDE2000 Color-Difference Formula:
 * Implementation Notes", 2005; the names are theirs.
 */
export function ciede2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)))
  const [ap1, ap2] = [(1 + g) * a1, (1 + g) * a2]
  const [c1, c2] = [Math.hypot(ap1, b1), Math.hypot(ap2, b2)]
  const [h1, h2] = [hueOf(ap1, b1), hueOf(ap2, b2)]
  const grey = c1 * c2 === 0

  const turn = h2 - h1
  const deltaHue = grey ? 0 : turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn
  const deltaH = 2 * Math.sqrt(c1 * c2) * Math.sin(degrees(deltaHue / 2))
  const sum = h1 + h2
  const meanHue = grey
    ? sum
    : Math.abs(turn) <= 180
      ? sum / 2
      : sum < 360
        ? (sum + 360) / 2
        : (sum - 360) / 2

  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2]
  const t =
    1 -
    0.17 * cosine(meanHue - 30) +
    0.24 * cosine(2 * meanHue) +
    0.32 * cosine(3 * meanHue + 6) -
    0.2 * cosine(4 * meanHue - 63)
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2)
  const sc = 1 + 0.045 * c
  const sh = 1 + 0.015 * c * t
  const rotation = 30 * Math.exp(-(((meanHue - 275) / 25) ** 2))
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7))
  const rt = -Math.sin(degrees(2 * rotation)) * rc

  const [dl, dc, dh] = [(l2 - l1) / sl, (c2 - c1) / sc, deltaH / sh]
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rt * dc * dh)
}
