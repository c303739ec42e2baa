import type { LogEditor } from '../log/log-editor.ts'
import { nextStop, stopsOf, stopText } from '../log/stops.ts'
import { useBuild } from '../state/use-stores.ts'
import { IconButton } from '../ui/controls.tsx'

/** Moving, searching and copying in the log. */
export function LogTools({
  editor,
  line,
  wrapped,
  onWrap,
}: {
  editor: LogEditor | null
  line: number
  wrapped: boolean
  onWrap: (on: boolean) => void
}) {
  const log = useBuild((build) => build.log)
  const stops = stopsOf(useBuild((build) => build.diagnostics))
  if (log === 'none') return null
  const step = (by: 1 | -1) => {
    const stop = nextStop(stops, line, by)
    if (stop) editor?.goTo(stop.logLine)
  }
  const what = stops[0]?.kind ?? 'error'
  return (
    <div className="log-tools">
      {log === 'live' && (
        <IconButton name="Go to the end of the log" icon="down" onClick={() => editor?.goToEnd()} />
      )}
      {stops.length > 0 && (
        <>
          <span className="soft">{stopText(stops, line)}</span>
          <IconButton name={`Previous ${what} (E)`} icon="up" onClick={() => step(-1)} />
          <IconButton name={`Next ${what} (e)`} icon="down" onClick={() => step(1)} />
        </>
      )}
      <IconButton name="Find in the log (/)" icon="search" onClick={() => editor?.openSearch()} />
      <IconButton
        name="Wrap long lines"
        icon="wrap"
        aria-pressed={wrapped}
        onClick={() => onWrap(!wrapped)}
      />
    </div>
  )
}
