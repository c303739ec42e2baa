import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const page = join(import.meta.dirname, '..', 'src-renderer')

/** `title=` on an element of the page itself; on a component it is a prop of ours. */
const ownTooltip = /<[a-z][\w.-]*(?=[\s>])(?:[^<>{}]|=>|\{(?:[^{}]|\{[^{}]*\})*\})*?\stitle=/g

test('the rule finds a title on an element, and none on a component', () => {
  expect('<button onClick={() => go({ a: 1 })} title="x">'.match(ownTooltip)).not.toBeNull()
  expect('<Dialog title="x"><p>y</p></Dialog>'.match(ownTooltip)).toBeNull()
})

test('no element has a tooltip of the browser: keys never reach those, and Esc does not close them', () => {
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' })
  const found = files
    .filter((file) => file.endsWith('.tsx'))
    .filter((file) => readFileSync(join(page, file), 'utf8').match(ownTooltip) !== null)
  expect(found).toEqual([])
})
