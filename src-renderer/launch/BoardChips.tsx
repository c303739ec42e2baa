import { type ChipField, chipFields } from '../../src-core/boards/selection.ts'
import { toggleChip } from '../state/launch/board-choice.ts'
import { useLaunch, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Popover } from '../ui/Popover.tsx'

const titles: Record<ChipField, string> = { arch: 'Arch', vendor: 'Vendor', soc: 'SoC' }
/** Chips shown beside the button that shows all. */
const most = 6

/** Architectures, vendors and SoCs with their counts; within one property several mean any of them. */
export function BoardChips() {
  return (
    <div className="board-chips">
      {chipFields.map((field) => (
        <ChipRow key={field} field={field} />
      ))}
    </div>
  )
}

function ChipRow({ field }: { field: ChipField }) {
  const chips = useLaunch((state) => state.choice.chips[field])
  if (chips.length === 0) return null
  return (
    <fieldset className="chip-row" aria-label={titles[field]}>
      <Popover
        className="chip-row-title"
        button={
          <>
            {titles[field]}
            <Icon name="chevron" />
          </>
        }
        tip={`All ${chips.length}`}
      >
        <div className="chip-cloud">
          {chips.map(({ value, count }) => (
            <ChipButton key={value} field={field} value={value} count={count} />
          ))}
        </div>
      </Popover>
      <div className="chip-strip">
        {chips.slice(0, most).map(({ value, count }) => (
          <ChipButton key={value} field={field} value={value} count={count} />
        ))}
      </div>
    </fieldset>
  )
}

function ChipButton({ field, value, count }: { field: ChipField; value: string; count: number }) {
  const { launch } = useStores()
  const chips = useLaunch((state) => state.wishes.chips)
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={chips[field].includes(value)}
      onClick={() => launch.change({ chips: toggleChip(chips, field, value) })}
    >
      {value} <span className="count">{count.toLocaleString('en')}</span>
    </button>
  )
}
