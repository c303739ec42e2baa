import { expect, test } from 'vitest'
import {
  adjustmentFragment,
  adjustmentsOf,
  checkAdjustments,
  parseAdjustment,
} from './adjust-config.ts'

test('the forms of a wish', () => {
  expect(parseAdjustment('FRED')).toEqual({ name: 'FRED', value: 'y' })
  expect(parseAdjustment('~CONFIG_FRED')).toEqual({ name: 'FRED', value: null })
  expect(parseAdjustment('CONFIG_SIZE=0x10')).toEqual({ name: 'SIZE', value: '0x10' })
  expect(parseAdjustment('NAME="a=b"')).toEqual({ name: 'NAME', value: '"a=b"' })
  expect(() => parseAdjustment('~X=1')).toThrow("can't read the adjustment '~X=1'")
  expect(() => parseAdjustment('A B')).toThrow()
})

test('reproducible builds drop the automatic local version, unless it is asked for', () => {
  const wishes = (reproducible_builds: boolean, ...adjust_cfg: string[]) =>
    adjustmentsOf({ reproducible_builds, adjust_cfg }).map((a) => a.name)
  expect(wishes(true, 'X')).toEqual(['X', 'LOCALVERSION_AUTO'])
  expect(wishes(true, 'LOCALVERSION="mine"')).toEqual(['LOCALVERSION'])
  expect(wishes(false, 'X')).toEqual(['X'])
})

test('wishes become a fragment, and are checked against the configuration', () => {
  const wishes = ['FRED', '~MARY', 'SIZE=3'].map(parseAdjustment)
  expect(adjustmentFragment(wishes)).toBe(
    'CONFIG_FRED=y\n# CONFIG_MARY is not set\nCONFIG_SIZE=3\n',
  )
  expect(checkAdjustments('CONFIG_FRED=y\nCONFIG_SIZE=3\n', wishes)).toBe('')
  const complaint = checkAdjustments('CONFIG_MARY=m\nCONFIG_SIZE=3\n', wishes)
  expect(complaint).toContain('FRED                  Missing expected line: CONFIG_FRED=y\n')
  expect(complaint).toContain('MARY                  CONFIG_MARY=m\n')
  expect(complaint).not.toContain('SIZE')
})
