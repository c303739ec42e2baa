/**
 * The boards of a worker: those that wait, and those that are being built, one a slot.
 */
import { buildBoard } from '../building/build-board.ts'
import type { BoardWork } from '../protocol/protocol.ts'
import { type Series, uptosOf } from '../source/series.ts'

export type Slots = {
  /** False if that board is here already. */
  readonly add: (work: BoardWork) => boolean
  /** Stops a board, building or waiting; false if it is not here. The boss is told when it is over. */
  readonly cancel: (board: string) => boolean
  /** Resolves when no board is left; tells how many of them died of an error of ours. */
  readonly idle: () => Promise<number>
  readonly counts: () => { readonly building: number; readonly queued: number }
}

type Entry = { readonly work: BoardWork; readonly cancelled: AbortController }

export function createSlots(series: Series, count: number): Slots {
  const queue: Entry[] = []
  const building = new Map<number, Entry>()
  const waiters: ((exceptions: number) => void)[] = []
  let exceptions = 0

  const find = (board: string) => {
    const isIt = (entry: Entry) => entry.work.board === board
    return queue.find(isIt) ?? [...building.values()].find(isIt)
  }
  const tellCancelled = (work: BoardWork, uptos: number[]) => {
    const { board, attempt } = work
    series.send({ resp: 'board_cancelled', board, attempt, uptos })
  }

  const run = async (slot: number, entry: Entry): Promise<void> => {
    const { work, cancelled } = entry
    series.send({ resp: 'heartbeat', board: work.board, thread: slot })
    try {
      const left = await buildBoard(series, work, slot, cancelled.signal)
      building.delete(slot)
      if (cancelled.signal.aborted) tellCancelled(work, left)
    } catch (error) {
      building.delete(slot)
      exceptions += 1
      const msg = `${work.board}: ${error instanceof Error ? error.stack : error}`
      series.send({ resp: 'error', msg, code: 'bad_board', board: work.board })
    }
    startNext()
  }
  const startNext = () => {
    for (let slot = 0; slot < count && queue.length > 0; slot += 1) {
      if (building.has(slot)) continue
      const entry = queue.shift()
      if (entry === undefined) break
      building.set(slot, entry)
      void run(slot, entry)
    }
    if (building.size === 0 && queue.length === 0) {
      for (const resolve of waiters.splice(0)) resolve(exceptions)
    }
  }

  return {
    add(work) {
      if (find(work.board)) return false
      queue.push({ work, cancelled: new AbortController() })
      startNext()
      return true
    },
    cancel(board) {
      const entry = find(board)
      if (entry === undefined) return false
      entry.cancelled.abort()
      const at = queue.indexOf(entry)
      if (at >= 0) {
        queue.splice(at, 1)
        tellCancelled(entry.work, uptosOf(series, entry.work))
        startNext()
      }
      return true
    },
    idle: () =>
      new Promise((resolve) => {
        waiters.push(resolve)
        startNext()
      }),
    counts: () => ({ building: building.size, queued: queue.length }),
  }
}
