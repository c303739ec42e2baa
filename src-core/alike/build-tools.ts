/** What of a machine may shape what it builds: tools, folder and environment of one build. Pure. */
import * as z from 'zod'
import { linesOf } from '../basics/lines.ts'
import { parseJson } from '../basics/parse-json.ts'

/** A program that took part in a build. */
export type BuildTool = {
  readonly name: string
  readonly path: string
  /** The first line that it says of its version. */
  readonly version: string
  /** Of the program itself; empty where it could not be read. */
  readonly sha256: string
}

export type BuildTools = {
  /** The work folder, in which everything was made. */
  readonly folder: string
  readonly tools: readonly BuildTool[]
  /** Variables that a build can depend on. */
  readonly environment: ReadonlyMap<string, string>
}

const text = z.string().max(4096)
const toolsSchema = z.object({
  folder: text,
  tools: z
    .array(
      z.object({
        name: z.string().max(40),
        path: text,
        version: z.string().max(300),
        sha256: z.string().max(64),
      }),
    )
    .max(50),
})

/**
 * @param tools the file `tools` of a board's folder
 * @param environment its file `out-env`: `K="V"` a line
 * @returns null where the build noted none
 */
export function parseBuildTools(tools: string, environment: string): BuildTools | null {
  const parsed = toolsSchema.safeParse(parseJson(tools))
  if (!parsed.success) return null
  const variables = [...linesOf(environment)].flatMap((line): [string, string][] => {
    const [, name, value] = /^(\w{1,100})="(.*)"$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[name, value]]
  })
  return { ...parsed.data, environment: new Map(variables) }
}
