import { expect, test } from 'vitest'
import { parseBuildmanConfig } from './read-config.ts'

function read(text: string) {
  const config = parseBuildmanConfig(`[toolchain]\nother = /\n${text}`, { file: 'f', home: '/h' })
  if (!config.ok) throw new Error(config.problem.what)
  const warnings = config.value.warnings.map(({ key, message }) => `${key}: ${message}`)
  return { providers: config.value.providers, warnings }
}

test('both kinds are read, with what is usual where nothing is said', () => {
  const { providers, warnings } = read(
    [
      '[machines]\nlogin = me@login',
      '[provider:Cluster]\nkind = slurm\nlogin_node = Login\npartition = build\ntime = 90',
      '[provider:lab]\nkind = commands\nlist = a l\nacquire = a g\nrelease = a r\nnodes = 2',
    ].join('\n'),
  )
  expect(warnings).toEqual([])
  expect(providers).toEqual([
    {
      ...{ kind: 'slurm', name: 'cluster', nodes: 4, waitMinutes: 60, loginNode: 'login' },
      ...{ partition: 'build', account: '', constraint: '', options: '', minutes: 90 },
    },
    {
      ...{ kind: 'commands', name: 'lab', nodes: 2, waitMinutes: 60, limitSeconds: 120 },
      ...{ list: 'a l', acquire: 'a g', release: 'a r' },
    },
  ])
})

test.each([
  ['[provider:x]', "kind = (nothing) is neither 'slurm' nor 'commands'"],
  ['[provider:x]\nkind = pbs', "kind = pbs is neither 'slurm' nor 'commands'"],
  ['[provider:x]\nkind = commands\nlist = a', 'it has no command for acquire, release'],
  ['[provider:x]\nkind = slurm\nlogin_node = moa', "login_node: [machines] has no 'moa'"],
  ['[machines]\nx = x\n[provider:x]\nkind = slurm', "'x' is the name of a machine"],
  ['[provider:a:b]\nkind = slurm', "'a:b' can't be a machine's name"],
  ['[provider:local]\nkind = slurm', "'local' is the name of this computer"],
])('%j is left out with a word', (text, why) => {
  const { providers, warnings } = read(text)
  expect(providers).toEqual([])
  expect(warnings.join('\n')).toContain(why)
  expect(warnings.join('\n')).toContain('this provider is left out')
})

test.each([
  ['nodes = 201', "nodes: '201' is not a whole number from 1 to 200; 4 is used"],
  ['nodes = many', "nodes: 'many' is not a whole number from 1 to 200; 4 is used"],
  ['time = 0', "time: '0' is not a whole number from 1 to 43200; 0 is used"],
  ['limit = 5', 'limit: is not known in [provider:x] and is ignored'],
])('%j is named, and what is usual is used', (line, warning) => {
  const { providers, warnings } = read(`[provider:x]\nkind = slurm\n${line}`)
  expect(providers).toMatchObject([{ nodes: 4, minutes: 0 }])
  expect(warnings).toEqual([warning])
})
