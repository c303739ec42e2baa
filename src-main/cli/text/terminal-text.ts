/**
 * What others wrote, as a terminal may be given it. A board's name, a commit's subject or a machine's
 * answer can hold sequences that write the clipboard, clear the screen or forge a line. Pure.
 */

/** C0 without tab and newline, DEL, C1, and what turns the direction of the text around it. */
const unsafe = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Each control character as its picture, such as ␛; those that have none as �. */
export function terminalText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unsafe, pictureOf)
}

/** The same for a text that is one line and has to stay one. */
export function terminalLine(text: string): string {
  return terminalText(text).replaceAll('\n', '␊')
}

function pictureOf(control: string): string {
  const code = control.charCodeAt(0)
  if (code === 0x7f) return '␡'
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
}

const codes = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const
export type Colour = keyof typeof codes
export type Paint = (colour: Colour, text: string) => string

/** Puts texts of others in colour, where that is on. */
export function painter(on: boolean): Paint {
  return (colour, text) =>
    on && text !== '' ? `\x1b[1;${codes[colour]}m${terminalLine(text)}\x1b[0m` : text
}

const painted = /(\x1b\[(?:1;3[1-6]|0)m)/

/**
 * A line whose colours are of `painter`; everything else in it is as in `terminalLine`. Where colour is
 * off, what looks like the painter's is others'.
 */
export function paintedLine(line: string, colour: boolean): string {
  if (!colour) return terminalLine(line)
  return line
    .split(painted)
    .map((part, at) => (at % 2 === 1 ? part : terminalLine(part)))
    .join('')
}

/** JSON escapes C0 itself; the rest of what is unsafe can be said in escapes, too, and loses nothing. */
export function terminalJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
