import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { missingBlobs, needsText, type PlannedBlob } from '../../src-core/blobs/board-blobs.ts'
import type { Board } from '../../src-core/model.ts'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { toggled } from '../state/view-store.ts'
import { Icon } from '../ui/Icon.tsx'
import { Tip } from '../ui/Tip.tsx'

const rowHeight = 22

/** The boards that the wishes leave, with their ticks. Only the rows in view exist. */
export function BoardList() {
  const { launch } = useStores()
  const shown = useLaunch((state) => state.choice.shown)
  const unticked = useLaunch((state) => state.wishes.unticked)
  const needs = useLaunch((state) => state.needs)
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
        <span />
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
            const blobs = needs.get(board.target) ?? []
            return (
              <Tip key={board.target} text={boardTitle(board, blobs)}>
                <div
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
                >
                  <span className="board-tick" data-on={on || undefined} aria-hidden="true" />
                  <span className="cut">{board.target}</span>
                  <span className="cut soft">{board.arch}</span>
                  <span className="cut soft">{board.soc || board.vendor}</span>
                  {blobs.length > 0 && <NeedsMark blobs={blobs} />}
                </div>
              </Tip>
            )
          })}
        </div>
        {shown.length === 0 && <p className="launch-note">No board matches.</p>}
      </div>
    </>
  )
}

/** That its images need firmware of others, and whether some is missing. */
function NeedsMark({ blobs }: { blobs: readonly PlannedBlob[] }) {
  const isMissing = missingBlobs(blobs).length > 0
  return (
    <span className="board-needs" data-missing={isMissing || undefined}>
      <Icon name={isMissing ? 'warning' : 'chip'} />
      <span className="hidden-visually">{needsText(blobs)}</span>
    </span>
  )
}

function boardTitle({ arch, cpu, vendor, soc }: Board, blobs: readonly PlannedBlob[]): string {
  const facts = [arch, cpu, vendor, soc].filter(Boolean).join(' · ')
  return blobs.length > 0 ? `${facts}\n${needsText(blobs)}` : facts
}
