import { homedir } from 'node:os'
import { configFileOf, configFilesOf, splitTarget } from './ssh-config.ts'
import { globMatches } from './ssh-config-lines.ts'
import { hostPatterns } from './ssh-hosts.ts'

/**
 * What `ssh` is to be given for a machine: the target, its host in the case that ssh_config has it
 * in. ssh tells `Host BuildBox` and `Host buildbox` apart; names of `[machines]` and of DNS do not.
 * `configFile` as in SshConfigOptions.
 */
export async function spelledHost(target: string, configFile?: string): Promise<string> {
  const files = configFilesOf(configFileOf(configFile))
  const patterns = (await Promise.all(files.map((file) => hostPatterns(file, homedir())))).flat()
  const { host } = splitTarget(target)
  const at = target.lastIndexOf(host)
  return target.slice(0, at) + spell(host, patterns) + target.slice(at + host.length)
}

/**
 * A host in the case that `patterns` (of `Host` lines) know it in: as it is written if one takes it
 * so, else as a `Host` line writes it, else in lower case if a pattern takes that.
 */
export function spell(host: string, patterns: readonly string[]): string {
  const naming = patterns.filter((one) => !one.startsWith('!') && /[^*?]/.test(one))
  if (naming.some((pattern) => globMatches(host, pattern))) return host
  const lower = host.toLowerCase()
  const literal = naming.find((pattern) => pattern.toLowerCase() === lower)
  if (literal !== undefined) return literal
  return naming.some((pattern) => globMatches(lower, pattern)) ? lower : host
}
