import { expect, test } from 'vitest'
import { withoutWarnings } from './hidden-warnings.ts'

const dtc =
  'arch/arm/dts/a.dtb: Warning (unit_address_vs_reg): /soc: node has a unit name, but no reg\n'
const placed =
  'dts/a.dts:12.3-14.5: Warning (duplicate_label): /soc: twice\n  also defined at dts/b.dtsi:1.2-3\n'
const gcc = "a.c:1:2: warning: unused variable 'x'\n   1 | int x;\n"
const box = `===================== WARNING ======================
This board does not use CONFIG_DM_ETH (Driver Model
for Ethernet drivers). Please update the board to use
====================================================
`
const all = dtc + gcc + box + placed

test('hides what dtc warns of, with what it adds to it', () => {
  expect(withoutWarnings(all, { dtc: true, migration: false })).toBe(gcc + box)
})

test('hides boxed notices', () => {
  expect(withoutWarnings(all, { dtc: false, migration: true })).toBe(dtc + gcc + placed)
})

test('hides both, and nothing without being asked', () => {
  expect(withoutWarnings(all, { dtc: true, migration: true })).toBe(gcc)
  expect(withoutWarnings(all, { dtc: false, migration: false })).toBe(all)
})

test("errors of dtc stay, and so does a box's end without a beginning", () => {
  const text =
    'Error: a.dts:1.2-3 syntax error\nFATAL ERROR: Unable to parse input tree\n=====\nfine\n'
  expect(withoutWarnings(text, { dtc: true, migration: true })).toBe(text)
})
