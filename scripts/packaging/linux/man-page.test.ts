import { expect, test } from 'vitest'
import { flagTable } from '../../../src-main/cli/arguments/flag-table.ts'
import { manPage } from './man-page.ts'

test('the manual page names every flag, and nothing in it is taken for a request of troff', () => {
  const page = manPage('1.2.3')
  for (const name of Object.keys(flagTable)) {
    expect(page).toContain(`--${name}`.replaceAll('-', '\\-'))
  }
  const requests = new Set([...page.matchAll(/^[.'](\S+)/gm)].map(([, name]) => name))
  const known = ['TH', 'SH', 'SS', 'TP', 'PP', 'B', 'BR', 'I', 'RI', 'br', 'nf', 'fi']
  expect([...requests].filter((name) => !known.includes(name ?? ''))).toEqual([])
})
