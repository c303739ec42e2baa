import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createChildren } from '../processes/children.ts'
import { temporaryFolder } from '../testing/worker-fixture.ts'
import { inheritedEnvironment } from '../tools/environment.ts'
import { emptyFolder } from './build-folder.ts'

test.each([0, 5, 500])(
  'a folder with %i files and what is below it is emptied, and no more',
  async (count) => {
    const [dir, others] = [temporaryFolder(), temporaryFolder()]
    writeFileSync(join(others, 'kept'), '')
    symlinkSync(others, join(dir, 'link'))
    mkdirSync(join(dir, 'include', 'generated'), { recursive: true })
    for (let i = 0; i < count; i += 1) writeFileSync(join(dir, 'include', `.file${i}`), '')
    const env = inheritedEnvironment(process.env)
    await emptyFolder(createChildren('empty-test'), dir, env, 0)
    expect(readdirSync(dir)).toEqual([])
    expect(readdirSync(others)).toEqual(['kept'])
  },
)
