import { treeName } from '../../src-core/basics/words.ts'
import { isForSearch } from '../../src-core/bisect/bisect-state.ts'
import { sourceText } from '../../src-core/reports/run-report.ts'
import { clockText, paceOf } from '../../src-core/run/pace.ts'
import { finishedBuilds } from '../../src-core/run/run-state.ts'
import { commandInfo, commands } from '../../src-preload/commands.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import { doHold } from '../commands/conditions.ts'
import { type PlainCommand, runWindowCommand } from '../commands/window-commands.ts'
import { amountText, whenText } from '../history/history-list.ts'
import { leftBuilds } from '../state/run/left-builds.ts'
import type { RunSummary } from '../state/run/run-store.ts'
import { useRun, useSettings, useStores, useView } from '../state/use-stores.ts'
import { Button, IconButton } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuChoice, MenuItem } from '../ui/Menu.tsx'
import { Tip } from '../ui/Tip.tsx'

/** How the run goes, in one line, and what can be done with all of it. */
export function TopBar() {
  const stores = useStores()
  const launchOpen = useView((state) => state.launchOpen)
  const machinesOpen = useView((state) => state.machinesOpen)
  const launch = launchOpen ? 'hide-launch' : 'show-launch'
  const machines = machinesOpen ? 'hide-machines' : 'show-machines'
  return (
    <header className="top-bar">
      <IconButton
        name={commands[launch].title}
        icon="left"
        aria-expanded={launchOpen}
        onClick={() => runWindowCommand(stores, launch)}
      />
      <h1>Slipway</h1>
      <RunLine />
      <RunActions />
      <AppMenu />
      <IconButton
        name={commands[machines].title}
        icon="right"
        aria-expanded={machinesOpen}
        onClick={() => runWindowCommand(stores, machines)}
      />
      <ProgressBar />
    </header>
  )
}

function RunLine() {
  const { runs } = useStores()
  const status = useRun((run) => run.status)
  const boards = useRun((run) => run.boards)
  const commits = useRun((run) => run.commits)
  const paused = useRun((run) => run.paused)
  const cancelled = useRun((run) => run.cancelled)
  const again = useRun((run) => run.again)
  const pinned = useRun((run) => run.pinned)
  const elsewhere = useRun((run) => run.elsewhere)
  const sentAs = useRun((run) => run.sentAs)
  const source = useRun(runSource)
  useRun((run) => run.version)
  if (status !== 'running' && status !== 'finished') return <p className="run-line" />
  const run = runs.run()
  const now = Date.now()
  const done = finishedBuilds(run)
  const total = boards * commits
  const end = run.finishedAt > 0 ? run.finishedAt : now
  const pace = paceOf(run, now)
  const what = amountText({ boards, commits, again })
  const isOver = status === 'finished'
  // Nothing is given out while it is paused: no time left could be kept.
  const goesOn = status === 'running' && !paused
  return (
    <p className="run-line">
      <Tip text={`${what} of ${source}`}>
        <span className="run-what">
          {what}
          <span className="soft">
            {' '}
            of {source}
            {pinned && `, ${whenText(run.startedAt)}`}
          </span>
        </span>
      </Tip>
      {sentAs !== '' && (
        <Tip text={`It came as ${sentAs}, and can only be looked at`}>
          <strong>from a file</strong>
        </Tip>
      )}
      <span>
        <b>{(isOver ? done - run.counts['not built'] : done).toLocaleString('en')}</b>
        <span className="soft">
          {isOver ? ' of ' : ' / '}
          {total.toLocaleString('en')}
          {isOver && ' built'}
        </span>
      </span>
      <span className="soft">{clockText((end - run.startedAt) / 1000)}</span>
      {goesOn && pace.perSecond > 0 && <span className="soft">{rateText(pace.perSecond)}</span>}
      {goesOn && !isForSearch(run.request) && pace.left && pace.left.high >= 1 && (
        <span className="soft">{leftText(pace.left)}</span>
      )}
      {paused && <strong>paused</strong>}
      {elsewhere && <strong>in another window or terminal</strong>}
      {isOver && <strong>{cancelled ? 'stopped' : 'finished'}</strong>}
    </p>
  )
}

/** `u-boot, current source`. */
function runSource({ request }: RunSummary): string {
  return [...(request ? [treeName(request.treeDir)] : []), sourceText({ request })].join(', ')
}

function leftText({ low, high }: { readonly low: number; readonly high: number }): string {
  const [from, to] = [clockText(low), clockText(high)]
  return from === to ? `${to} left` : `${from}–${to} left`
}

function rateText(perSecond: number): string {
  return perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`
}

function RunActions() {
  const stores = useStores()
  const { runs } = stores
  const status = useRun((run) => run.status)
  const paused = useRun((run) => run.paused)
  const pinned = useRun((run) => run.pinned)
  const elsewhere = useRun((run) => run.elsewhere)
  const failed = useRun((run) => run.counts.failed)
  useRun((run) => run.shape)
  const does = (id: PlainCommand) => () => runWindowCommand(stores, id)
  if (pinned) return <Button onClick={does('newest')}>{commands.newest.title}</Button>
  if (elsewhere) return null
  if (status === 'running') {
    return (
      <>
        <Button
          icon={paused ? 'play' : 'pause'}
          tip={
            paused ? 'Give out boards again' : 'Give out no more boards; those being built go on'
          }
          onClick={does(paused ? 'resume' : 'pause')}
        >
          {paused ? 'Go on' : 'Pause'}
        </Button>
        <Button
          icon="stop"
          tip={`${commands.stop.title} (${keyText('stop')})`}
          onClick={does('stop')}
        >
          Stop
        </Button>
      </>
    )
  }
  if (status !== 'finished') return null
  const left = leftBuilds(runs.run()).builds
  return (
    <>
      {failed > 0 && (
        <Button icon="rerun" onClick={does('rerun-failed')}>
          Build the failed again
        </Button>
      )}
      {left > 0 && (
        <Button icon="play" onClick={does('build-left')}>
          Go on with the {left.toLocaleString('en')} left
        </Button>
      )}
    </>
  )
}

function AppMenu() {
  const { settings } = useStores()
  const theme = useSettings((state) => state.settings?.theme ?? 'system')
  return (
    <Menu label="Menu" kind="quiet" icon align="end" button={<Icon name="more" />}>
      <MenuChoice
        label="Theme"
        value={theme}
        options={[
          { value: 'system', label: 'System' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
        onChange={(next) => void settings.change({ theme: next })}
      />
      <div className="menu-line" />
      <CommandItem id="palette" />
      <CommandItem id="show-history" />
      <CommandItem id="show-terminals" />
      <CommandItem id="save-report" />
      <CommandItem id="save-run" />
      <CommandItem id="open-run" />
      <CommandItem id="settings" />
      <div className="menu-line" />
      <CommandItem id="help" />
      <CommandItem id="kill-workers" />
      <CommandItem id="report-problem" />
      <CommandItem id="about" />
    </Menu>
  )
}

function CommandItem({ id }: { id: PlainCommand }) {
  const stores = useStores()
  useRun((run) => run.status)
  useRun((run) => run.sentAs)
  return (
    <MenuItem
      disabled={!doHold(stores, commandInfo(id).when)}
      onChoose={() => runWindowCommand(stores, id)}
      hint={keyText(id)}
    >
      {commands[id].title}
    </MenuItem>
  )
}

/** A line below the bar: failed in red, done in ink, building in grey. */
function ProgressBar() {
  const counts = useRun((run) => run.counts)
  const total = useRun((run) => run.boards * run.commits)
  const status = useRun((run) => run.status)
  if (total === 0 || status !== 'running') return null
  const share = (count: number) => `${(100 * count) / total}%`
  const done = counts.ok + counts.warnings + counts['not built']
  return (
    <div
      className="run-progress"
      role="progressbar"
      aria-label="Builds with an outcome"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done + counts.failed}
    >
      <span data-part="failed" style={{ width: share(counts.failed) }} />
      <span data-part="done" style={{ width: share(done) }} />
      <span data-part="building" style={{ width: share(counts.building) }} />
    </div>
  )
}
