import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { toggled } from '../state/view-store.ts'

const rowHeight = 22

/** The boards that the wishes leave, with their ticks. Only the rows in view exist. */
export function BoardList() {
  const { launch } = useStores()
  const shown = useLaunch((state) => state.choice.shown)
  const unticked = useLaunch((state) => state.wishes.unticked)
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  })
  const toggle = (target: string) => launch.change({ unticked: toggled(unticked, target) })
  const go = (to: number) => {
    const index = Math.min(shown.length - 1, Math.max(0, to))
    setActive(index)
    rows.scrollToIndex(index)
  }
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: shown.length - 1,
    }
    const to = moves[event.key]
    const board = shown[active]
    if (to !== undefined) go(to)
    else if (event.key === ' ' && board) toggle(board.target)
    else return
    event.preventDefault()
  }
  const click = (event: MouseEvent) => {
    const row = event.target instanceof Element && event.target.closest('[data-index]')
    const index = row instanceof HTMLElement ? Number(row.dataset.index) : -1
    const board = shown[index]
    if (!board) return
    setActive(index)
    toggle(board.target)
  }
  return (
    <>
      <div className="board-columns" aria-hidden="true">
        <span />
        <span>Board</span>
        <span>Arch</span>
        <span>SoC or vendor</span>
      </div>
      <div
        ref={scroller}
        className="board-list"
        role="listbox"
        tabIndex={0}
        aria-label="Boards"
        aria-multiselectable="true"
        aria-activedescendant={shown.length > 0 ? `board-${active}` : undefined}
        onClick={click}
        onKeyDown={press}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const board = shown[index]
            if (!board) return null
            const on = !unticked.has(board.target)
            return (
              <div
                key={board.target}
                id={`board-${index}`}
                className="board-row"
                role="option"
                tabIndex={-1}
                data-index={index}
                aria-selected={on}
                aria-setsize={shown.length}
                aria-posinset={index + 1}
                data-active={index === active || undefined}
                style={{ transform: `translateY(${start}px)` }}
                title={[board.arch, board.cpu, board.vendor, board.soc].filter(Boolean).join(' · ')}
              >
                <span className="board-tick" data-on={on || undefined} aria-hidden="true" />
                <span className="cut">{board.target}</span>
                <span className="cut soft">{board.arch}</span>
                <span className="cut soft">{board.soc || board.vendor}</span>
              </div>
            )
          })}
        </div>
        {shown.length === 0 && <p className="launch-note">No board matches.</p>}
      </div>
    </>
  )
}
