import { isAbsolute } from 'node:path'

/**
 * A folder as the environment gives it. One that is no absolute path counts for nothing, as the XDG
 * rules say: for each program that starts elsewhere it would be another folder.
 */
export function givenFolder(value: string | undefined): string | undefined {
  return value !== undefined && isAbsolute(value) ? value : undefined
}
