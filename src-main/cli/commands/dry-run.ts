import { plural } from '../../../src-core/basics/words.ts'
import {
  needsByBoard,
  needsText,
  type PlannedBlob,
  placeOfBlob,
  titleOfBlob,
} from '../../../src-core/blobs/board-blobs.ts'
import type { SelectedBoards } from '../../../src-core/boards/selection.ts'
import { isFetchable, ownCompilerAdvice } from '../../../src-core/build/missing-compilers.ts'
import type { Commit, RunRequest } from '../../../src-core/model.ts'
import { clockText } from '../../../src-core/run/pace.ts'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import { selectionLines } from '../text/board-text.ts'
import { type LocalShare, scopeText } from '../text/run-text.ts'

/** Boards that are named of those that can't be built. */
const firstFew = 5

/** What a dry run shows. */
export type DryRun = {
  readonly request: RunRequest
  readonly selected: SelectedBoards
  readonly commits: readonly Commit[]
  readonly plan: PlanSummary
  readonly here: LocalShare | null
  /** The boards by name. */
  readonly verbose: boolean
  /** Folder that holds the commit folders. */
  readonly base: string
}

/** `-n`: what would be built as buildman says it, then where. */
export function dryRunLines(dryRun: DryRun): string[] {
  const { request, selected, commits, plan, here, verbose, base } = dryRun
  const { boards } = selected
  const series = request.commits.kind === 'current' ? [] : commits.map(commitLine)
  return [
    `Would build ${scopeText(request.commits, boards.length, commits.length, here)}`,
    `Output folder: ${base}`,
    ...series,
    ...selectionLines(selected, verbose),
    ...planLines(plan),
    ...(verbose ? needsLines(plan) : []),
  ]
}

function commitLine({ upto, number = upto + 1, hash, subject }: Commit): string {
  return `  ${String(number).padStart(2, '0')}: ${hash.slice(0, 12)} ${subject}`
}

/** What a plan comes to, a line a machine and an architecture that can't be built. */
export function planLines({
  machines,
  providers,
  notBuilt,
  previously,
  estimate,
  notes,
  blocked,
  blobs,
}: PlanSummary) {
  const lines = machines.map(({ name, slots, boards, reason }) =>
    reason === ''
      ? `  ${name}: about ${boards} boards on ${slots} slots`
      : `  ${name}: none: ${reason}`,
  )
  lines.push(
    ...providers.map(({ name, nodes }) => `  ${name}: asked for up to ${plural(nodes, 'machine')}`),
  )
  lines.push(...notBuiltLines(notBuilt), ...blobs.map(blobLine))
  if (previously > 0) lines.push(`  ${previously} builds have their outcome already`)
  if (estimate) lines.push(`  about ${clockText(estimate.low)} to ${clockText(estimate.high)}`)
  for (const note of notes) lines.push(`  note: ${note}`)
  if (blocked !== '') lines.push(`  can't start: ${blocked}`)
  return lines
}

/** Board by board, what it needs and where that lies. */
function needsLines({ blobs }: PlanSummary): string[] {
  return [...needsByBoard(blobs)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([board, needs]) => `  ${board} ${needsText(needs)}`)
}

/** A file of firmware, how many boards need it, and where it comes from. */
function blobLine(blob: PlannedBlob): string {
  const { boards, from } = blob
  const place = placeOfBlob(blob)
  const needed = `  firmware: ${titleOfBlob(blob)} for ${boards.length} ${boards.length === 1 ? 'board' : 'boards'}`
  if (from !== '') return `${needed}: ${place}`
  const more = boards.length > firstFew ? ' …' : ''
  return `${needed}: ${place}: ${boards.slice(0, firstFew).join(' ')}${more}`
}

/** A line an architecture with the first few boards; then, once, how to get what is lacking. */
function notBuiltLines(notBuilt: PlanSummary['notBuilt']): string[] {
  const archs = notBuilt.map(({ arch }) => arch)
  const fetchable = archs.filter(isFetchable)
  return [
    ...notBuilt.map(({ arch, reason, boards }) => {
      const more = boards.length > firstFew ? ' …' : ''
      return `  ${arch}: ${boards.length} not built: ${reason}: ${boards.slice(0, firstFew).join(' ')}${more}`
    }),
    ...(fetchable.length > 0
      ? [
          `  to get compilers: slipway --fetch-arch ${fetchable.join(',')} here, then slipway --machines-fetch-arch`,
        ]
      : []),
    ...archs
      .filter((arch) => !isFetchable(arch))
      .map((arch) => `  for ${arch}, ${ownCompilerAdvice}`),
  ]
}
