import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { createStores } from '../state/stores.ts'
import { testBoss } from '../state/test-boss.ts'
import { StoresContext } from '../state/use-stores.ts'
import { CannotBuild } from './CannotBuild.tsx'

function shown(...archs: readonly string[]): string {
  const plan: PlanSummary = {
    builds: 9,
    previously: 0,
    machines: [{ name: 'moa', slots: 4, boards: 2, reason: '' }],
    providers: [],
    notBuilt: archs.map((arch) => ({ arch, reason: `no toolchain for ${arch}`, boards: ['a'] })),
    estimate: null,
    blocked: '',
    blobs: [],
    notes: [],
  }
  return renderToStaticMarkup(
    <StoresContext value={createStores(testBoss({}).boss)}>
      <CannotBuild plan={plan} />
    </StoresContext>,
  ).replace(/<[^>]*>/g, ' ')
}

test('a compiler is offered where one can be fetched; what sandbox lacks is the system’s own', () => {
  const offer = 'Fetch the missing compilers'
  const advice = 'install the system&#x27;s own gcc'
  expect(shown('arm')).toContain(offer)
  expect(shown('arm')).not.toContain(advice)
  expect(shown('sandbox')).not.toContain(offer)
  expect(shown('sandbox')).toContain(advice)
  expect(shown('arm', 'sandbox')).toContain(offer)
  expect(shown('arm', 'sandbox')).toContain(advice)
})
