const test = '(\\.test\\.tsx?$|/test-[^/]*\\.ts$|/testing/)'
const ours = '^src-(core|main|preload|renderer|system|worker)/'

/** What a folder may import, beside npm packages: docs/architecture.md, "Programs". */
function only(name, from, allowed, fromNot) {
  return {
    name,
    comment: `${from} may import only ${allowed.join(', ')}`,
    severity: 'error',
    from: { path: from, ...(fromNot && { pathNot: fromNot }) },
    to: { path: ours, pathNot: allowed },
  }
}

/** Rooms of the page, from the ground up: none imports from a room above it. */
const pageFloors = [
  ['words', '(words|boss-client|zod-without-eval)\\.ts$'],
  ['look', 'look/'],
  ['state', 'state/'],
  ['ui', 'ui/'],
  [
    'views',
    '(alike|boards|grid|timeline|bisect|detail|log|launch|machines|history|summary|terminal|settings)/',
  ],
  ['commands', 'commands/'],
  ['frame', 'frame/'],
  ['app', '(App|main)\\.tsx$'],
]

/** @param {number} floor */
function nothingAbove(floor) {
  const [name, from] = pageFloors[floor]
  const above = pageFloors.slice(floor + 1).map(([, path]) => path)
  return {
    name: `page-${name}-looks-down`,
    comment: `${name} imports nothing from the floors above it: docs/architecture.md, "The window"`,
    severity: 'error',
    from: { path: `^src-renderer/${from}`, pathNot: test },
    to: { path: `^src-renderer/(${above.join('|')})` },
  }
}

/** What each room of the boss knows nothing of: docs/architecture.md, "Rooms and drawers". */
const absences = [
  ['boss/scheduling', '(?!boss/scheduling/)'],
  ['boss/preparing', '(boss/(driving|steps|worker-link|stale-workers)|requests|cli|electron)/'],
  ['boss/driving', '(boss/(preparing|stale-workers)|tree|requests|cli|electron)/'],
  ['boss/steps', '(boss/(scheduling|driving|preparing)|results|tree|requests|cli|electron)/'],
  [
    'boss/worker-link',
    '(boss/(scheduling|driving|preparing|steps|stale-workers)|results|tree|requests|cli|electron)/',
  ],
  [
    'boss/stale-workers',
    '(boss/(scheduling|driving|preparing)|results|tree|requests|cli|electron)/',
  ],
  ['boss', '(reports|requests|cli|electron)/'],
  ['machines', '(boss|results|reports|requests|cli|electron)/'],
  ['tree', '(boss|machines|results|reports|requests|cli|electron)/'],
  ['blobs', '(boss|machines|results|reports|requests|cli|electron)/'],
  ['results', '(boss|machines|tree|reports|requests|cli|electron)/'],
  ['reports', '(boss|machines|requests|cli|electron)/'],
  ['buildman-config', '(boss|machines|tree|results|reports|requests|cli|electron)/'],
  ['requests', '(cli|electron)/'],
  ['cli', '(requests|electron)/'],
]

/** @param {string[]} absence */
function knowsNothingOf([room, others]) {
  return {
    name: `${room.replaceAll('/', '-')}-knows-its-place`,
    comment: `src-main/${room} imports nothing from src-main/${others}`,
    severity: 'error',
    from: { path: `^src-main/${room}/`, pathNot: test },
    to: { path: `^src-main/${others}` },
  }
}

const electronFolders = '^(src-main/electron/|src-preload/preload\\.ts$|e2e/)'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('core', '^src-core/', ['^src-core/']),
    only('renderer', '^src-renderer/', [
      '^src-renderer/',
      '^src-core/',
      '^src-preload/(?!preload\\.ts$)',
    ]),
    ...pageFloors.slice(0, -1).map((_, floor) => nothingAbove(floor)),
    {
      name: 'page-rooms-are-known',
      comment: 'a new room gets a floor in pageFloors',
      severity: 'error',
      from: {
        path: '^src-renderer/',
        pathNot: [test, ...pageFloors.map(([, path]) => `^src-renderer/${path}`)],
      },
      to: { path: ours },
    },
    only('preload', '^src-preload/', ['^src-preload/', '^src-core/']),
    only(
      'main',
      '^src-main/',
      [
        '^src-main/',
        '^src-core/',
        '^src-preload/(?!preload\\.ts$)',
        '^src-system/',
        '^src-worker/protocol/(protocol|worker-settings|json-lines)\\.ts$',
        '^src-worker/building/make-plan\\.ts$',
      ],
      test,
    ),
    ...absences.map(knowsNothingOf),
    only('system', '^src-system/', ['^src-system/']),
    only('worker', '^src-worker/', [
      '^src-worker/',
      '^src-system/',
      '^src-core/basics/',
      '^src-core/build-options/(option-table|build-option|make-goal)\\.ts$',
      '^src-core/affected/',
    ]),
    {
      name: 'worker-has-no-packages',
      comment: 'the worker runs on build machines, where there is no node_modules',
      severity: 'error',
      from: { path: '^src-(worker|system)/', pathNot: test },
      to: { dependencyTypes: ['npm', 'npm-dev'], pathNot: 'node_modules/(zod|@types/node)/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-stays-in-its-room',
      comment: 'everything else runs on plain Node: the CLI, the tests and the benchmarks use it',
      severity: 'error',
      from: { path: '^(src-|bench/|scripts/)', pathNot: electronFolders },
      to: { path: '(^electron$|node_modules/electron/|^src-main/electron/)' },
    },
    {
      name: 'no-dev-dependency-in-the-app',
      comment: 'what only the page imports is bundled with it, and need not be installed',
      severity: 'error',
      from: { path: ours, pathNot: [test, '^src-renderer/'] },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(electron|@types)/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: '^scripts/installing/default-app/',
    parser: 'swc',
    moduleSystems: ['es6', 'cjs'],
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
