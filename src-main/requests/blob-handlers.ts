import { homedir } from 'node:os'
import { isAbsolute } from 'node:path'
import { ok, type Result } from '../../src-core/result.ts'
import type { ListedBlobRules } from '../../src-preload/contract.ts'
import { BlobFiles } from '../blobs/blob-files.ts'
import { writeBlobRules } from '../buildman-config/editing/write-config.ts'
import { expandHome } from '../buildman-config/expand-home.ts'
import { readBuildmanConfig } from '../buildman-config/read-config.ts'
import type { Handlers } from './request-router.ts'
import type { WindowBoss } from './window-boss.ts'

type BlobRequest = 'blobs:rules' | 'blobs:save'

/** Answers about where firmware of others lies, as the settings file says. */
export function blobHandlers(windowBoss: WindowBoss): Handlers<BlobRequest> {
  const file = () => windowBoss.boss().fleet.config().file
  return {
    'blobs:rules': () => listRules(file()),
    'blobs:save': async (rules) => {
      const written = await writeBlobRules(file(), rules)
      return written.ok ? listRules(file()) : written
    },
  }
}

async function listRules(file: string): Promise<Result<ListedBlobRules>> {
  // As they are written, since they are written back.
  const config = await readBuildmanConfig(file, '~')
  if (!config.ok) return config
  const { blobs: rules } = config.value
  const files = new BlobFiles()
  const notThere: string[] = []
  for (const { path } of [...rules.rules, ...rules.folders]) {
    const place = expandHome(path, homedir())
    // Others are looked for in each tree.
    if (isAbsolute(place) && (await files.look(place)).kind === 'none') notThere.push(path)
  }
  return ok({ rules, notThere })
}
