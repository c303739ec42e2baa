import type { Assignment, BoardCost, BoardState, MachineState } from './scheduler-types.ts'

/** Work of a board's commits when they are built one after the other in a fresh folder. */
export function workOf(cost: BoardCost, commits: number): number {
  return commits <= 0 ? 0 : cost.first + (commits - 1) * cost.next
}

/** Work of one commit of an assignment: the first one configures and builds everything. */
export function commitWork(assignment: Assignment, upto: number): number {
  const { cost } = assignment.board
  return assignment.sent[0] === upto ? cost.first : cost.next
}

/** What is left of what we want from an assignment, in milliseconds on its machine. */
export function remainingMs(assignment: Assignment, now: number, rate: number): number {
  const { pending, current } = assignment
  const { cost } = assignment.board
  const elapsed = now - assignment.since
  // Late boards are late in proportion to how late they already are.
  if (assignment.state === 'withdrawn') return elapsed * 0.5
  if (assignment.state === 'sent') return workOf(cost, pending.size) / rate
  const expected = current < 0 ? 0 : commitWork(assignment, current) / rate
  const ofCurrent = expected > elapsed ? expected - elapsed : elapsed * 0.5
  const others = pending.size - Number(pending.has(current))
  return (current < 0 ? 0 : ofCurrent) + (others * cost.next) / rate
}

export type Timeline = {
  /** When each slot is free, milliseconds. */
  readonly free: number[]
  /** When each board that is held here is expected to end. */
  readonly endOf: ReadonlyMap<Assignment, number>
}

/** What a machine has before it: the boards being built, then those that wait ahead of its slots. */
export function timelineOf(machine: MachineState, now: number, rate: number): Timeline {
  const endOf = new Map<Assignment, number>()
  const busy: number[] = []
  const ahead: Assignment[] = []
  for (const assignment of machine.held.values()) {
    if (assignment.state === 'sent') ahead.push(assignment)
    else {
      const end = now + remainingMs(assignment, now, rate)
      endOf.set(assignment, end)
      busy.push(end)
    }
  }
  const idle = Math.max(0, machine.slots - busy.length)
  const free = [...Array.from({ length: idle }, () => now), ...busy.sort((a, b) => a - b)]
  for (const assignment of ahead) {
    const start = free.shift() ?? now
    // One that should have begun long ago hangs like any other.
    const late = start > now ? 0 : (now - assignment.since) * 0.5
    const end = start + late + remainingMs(assignment, now, rate)
    endOf.set(assignment, end)
    const place = free.findIndex((other) => other > end)
    free.splice(place < 0 ? free.length : place, 0, end)
  }
  return { free, endOf }
}

/** Whether it builds, or may come to it. */
export function takesPart({ phase }: MachineState): boolean {
  return phase !== 'left' && phase !== 'left out'
}

/** May this machine be given this board (now or later)? */
export function canBuild(machine: MachineState, board: BoardState): boolean {
  if (!takesPart(machine) || board.refusals.has(machine.name)) return false
  if (board.board.extended && !machine.extendedBoards) return false
  // It would build the whole series.
  if (board.wanted && machine.archs !== null && !machine.flexible) return false
  return machine.archs === null || machine.archs.has(board.board.arch)
}
