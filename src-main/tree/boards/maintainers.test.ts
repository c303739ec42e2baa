import { expect, test } from 'vitest'
import { findUpkeep } from './maintainers.ts'

const boards = ['a', 'a64', 'uni-x', 'x'].map((name) => `configs/${name}_defconfig`)

function upkeepOf(...texts: string[]) {
  const problems: string[] = []
  const files = new Map(texts.map((text, at) => [`${at}/MAINTAINERS`, text]))
  const upkeep = findUpkeep(files, boards, (problem) => problems.push(problem))
  const rows = boards.map((board) => {
    const found = upkeep.get(board)
    return found ? `${found.status} ${found.maintainers.join(':')}` : 'no entry'
  })
  return { rows, problems }
}

test('reads stanzas, globs, commented maintainers and the two good states', () => {
  const text = `A BOARD
M:	Ann <ann@x>
#M:	Bob <bob@x>
S:	Maintained
F:	board/a/
F:	configs/a*_defconfig

X BOARD
M: Cid <cid@x>
S: Supported
F: configs/x_defconfig
`
  expect(upkeepOf(text).rows).toEqual([
    'Active Ann <ann@x>:Bob <bob@x>',
    'Active Ann <ann@x>:Bob <bob@x>',
    'no entry',
    'Active Cid <cid@x>',
  ])
})

test('a board that nobody keeps has no status', () => {
  const orphan = 'M: Ann\nS: Orphan (Since 2020-09)\nF: configs/a_defconfig\n'
  const nobody = 'M: -\nS: Maintained\nF: configs/a64_defconfig\n'
  const odd = 'M: Ann\nS: Obsolete\nF: configs/x_defconfig\n'
  expect(upkeepOf(`${orphan}\n${nobody}\n${odd}`).rows).toEqual(['- ', '- ', 'no entry', '- Ann'])
})

test('matches names by regular expression, look-behind included, and says which is bad', () => {
  const { rows, problems } = upkeepOf('M: Ann\nS: Maintained\nN: (?<!uni-)x\nN: 6[4\n')
  expect(rows).toEqual(['no entry', 'no entry', 'no entry', 'Active Ann'])
  expect(problems).toEqual(['0/MAINTAINERS: "N: 6[4" is no regular expression that we understand'])
})

test('a later file overrides an earlier one', () => {
  const of = (name: string) => `M: ${name}\nS: Maintained\nF: configs/a_defconfig\n`
  expect(upkeepOf(of('Ann'), of('Bob')).rows[0]).toBe('Active Bob')
})
