/** Builds made up for tests of the comparison. */

import type { BuildTools } from './build-tools.ts'
import { type BuiltFile, parseDigests } from './built-files.ts'

/** 64 hexadecimal digits for a text. */
export function testDigest(text: string): string {
  const number = [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7)
  return number.toString(16).padStart(8, '0').repeat(8)
}

/** Path -> what is in it: a text, or by section; names of sections that tell of a program begin with `.debug`. */
export function testBuild(
  files: Readonly<Record<string, string | Readonly<Record<string, string>>>>,
): readonly BuiltFile[] {
  const lines = Object.entries(files).flatMap(([path, content]) => [
    `${testDigest(JSON.stringify(content))}  ${path}`,
    ...(typeof content === 'string' ? [] : Object.entries(content)).map(
      ([name, text]) =>
        ` ${testDigest(text).slice(0, 8)} ${name.startsWith('.debug') ? 'beside' : 'loaded'} ${name}`,
    ),
  ])
  return parseDigests(`${lines.join('\n')}\n`)
}

/** Tool -> version; environment; the work folder. */
export function testTools(
  tools: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  folder = '/work',
): BuildTools {
  return {
    folder,
    tools: Object.entries(tools).map(([name, version]) => {
      return { name, version, path: `/bin/${name}`, sha256: testDigest(version) }
    }),
    environment: new Map(Object.entries(environment)),
  }
}
