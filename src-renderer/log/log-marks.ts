import {
  type Extension,
  RangeSet,
  RangeSetBuilder,
  StateEffect,
  StateField,
  type Text,
} from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from '@codemirror/view'
import type { Diagnosis } from '../../src-preload/contract.ts'

type Kind = 'error' | 'warning'
type Marks = { readonly gutter: RangeSet<GutterMarker>; readonly lines: DecorationSet }

const noMarks: Marks = { gutter: RangeSet.empty, lines: Decoration.none }
const setMarks = StateEffect.define<readonly Diagnosis[]>()

/** A shape for each kind, so that it is not said by colour alone. */
class Mark extends GutterMarker {
  private readonly kind: Kind

  constructor(kind: Kind) {
    super()
    this.kind = kind
  }

  override eq(other: Mark): boolean {
    return this.kind === other.kind
  }

  override toDOM(): Node {
    const mark = document.createElement('span')
    mark.className = 'log-mark'
    mark.dataset.kind = this.kind
    return mark
  }
}

const gutterMarks: Record<Kind, Mark> = { error: new Mark('error'), warning: new Mark('warning') }
const lineMarks: Record<Kind, Decoration> = {
  error: Decoration.line({ class: 'log-line-error' }),
  warning: Decoration.line({ class: 'log-line-warning' }),
}

const marksField = StateField.define<Marks>({
  create: () => noMarks,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) return marksOf(transaction.state.doc, effect.value)
    }
    if (!transaction.docChanged) return marks
    return {
      gutter: marks.gutter.map(transaction.changes),
      lines: marks.lines.map(transaction.changes),
    }
  },
  provide: (field) => EditorView.decorations.from(field, ({ lines }) => lines),
})

function marksOf(doc: Text, diagnostics: readonly Diagnosis[]): Marks {
  const kinds = new Map<number, Kind>()
  for (const { kind, logLine } of diagnostics) {
    if (kind === 'note' || logLine < 1 || logLine > doc.lines) continue
    if (kinds.get(logLine) !== 'error') kinds.set(logLine, kind)
  }
  const [gutters, lines] = [new RangeSetBuilder<GutterMarker>(), new RangeSetBuilder<Decoration>()]
  for (const [line, kind] of [...kinds].sort(([a], [b]) => a - b)) {
    const { from } = doc.line(line)
    gutters.add(from, from, gutterMarks[kind])
    lines.add(from, from, lineMarks[kind])
  }
  return { gutter: gutters.finish(), lines: lines.finish() }
}

/** Errors and warnings as marks beside the lines and a tint behind them. */
export function logMarks(): Extension {
  return [
    marksField,
    gutter({
      class: 'log-marks',
      markers: (view) => view.state.field(marksField).gutter,
      initialSpacer: () => gutterMarks.error,
    }),
  ]
}

/** Marks the lines that these stand in, and no others. */
export function markLines(diagnostics: readonly Diagnosis[]): StateEffect<readonly Diagnosis[]> {
  return setMarks.of(diagnostics)
}
