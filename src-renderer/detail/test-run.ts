import { defaultBuildSettings } from '../../src-preload/model.ts'
import type { RunEvent } from '../../src-preload/run-events.ts'

/** The events that begin a run of the board `snow` at one commit, for tests. */
export function oneBoardRun(machines: readonly string[]): readonly RunEvent[] {
  return [
    {
      at: 0,
      type: 'run-started',
      runId: 'run-1',
      outputDir: '/out',
      boards: [
        {
          target: 'snow',
          arch: 'arm',
          cpu: 'armv7',
          soc: 'exynos',
          vendor: 'samsung',
          board: 'smdk5250',
          config: 'snow',
          status: 'Active',
          maintainers: [],
        },
      ],
      commits: [
        { upto: 0, hash: 'a'.repeat(40), subject: 'one', author: 'Ada', currentSource: false },
      ],
      request: {
        treeDir: '/src',
        outputDir: '/out',
        boards: ['snow'],
        commits: { kind: 'current' },
        distribute: true,
        useMachines: [],
        noLocal: false,
        settings: defaultBuildSettings,
      },
    },
    ...machines.map((machine, index) => ({
      at: 0,
      type: 'machine-joined' as const,
      machine,
      hue: index + 1,
    })),
  ]
}
