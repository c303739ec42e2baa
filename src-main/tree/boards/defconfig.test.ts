import { expect, test } from 'vitest'
import { readDefconfig } from './defconfig.ts'

function read(files: Readonly<Record<string, string>>, path = 'configs/a_defconfig') {
  const problems: string[] = []
  const assignments = readDefconfig(
    path,
    (name) => files[name] ?? null,
    (problem) => problems.push(problem),
  )
  return { lines: assignments.map(({ name, value }) => `${name}=${value}`), problems }
}

test('reads assignments and "is not set" lines, and nothing else', () => {
  const text =
    '# comment\nCONFIG_ARM=y\n# CONFIG_X is not set\nCONFIG_S="a=b"\r\n CONFIG_NO=y\nFOO=1'
  expect(read({ 'configs/a_defconfig': text }).lines).toEqual(['ARM=y', 'X=n', 'S="a=b"'])
})

test('follows #include beside the file and from the top of the tree', () => {
  const { lines, problems } = read({
    'configs/a_defconfig': '#include "b_defconfig"\n#include <configs/c.config>\nCONFIG_A=y\n',
    'configs/b_defconfig': 'CONFIG_B=y /* joined */\n',
    'configs/c.config': '// gone\nCONFIG_URL="http://x"\n',
  })
  expect(lines).toEqual(['B=y', 'URL="http://x"', 'A=y'])
  expect(problems).toEqual([])
})

test('says what it cannot include, and ends where files include each other', () => {
  expect(read({ 'configs/a_defconfig': '#include "gone"\n' }).problems).toEqual([
    'configs/a_defconfig: cannot include gone',
  ])
  const circle = read({ 'configs/a_defconfig': '#include "a_defconfig"\nCONFIG_A=y\n' })
  expect(circle.lines).toContain('A=y')
  expect(circle.problems).toHaveLength(1)
})
