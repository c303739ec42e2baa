import { type PointerEvent, useRef } from 'react'

type Props = {
  label: string
  /** Which way it moves. */
  along: 'x' | 'y'
  /** Moving right or down makes what it sizes larger (1) or smaller (-1). */
  sign: 1 | -1
  /** CSS pixels that what it sizes has now. */
  size: () => number
  least: number
  most: () => number
  /** Called for each step of a drag, and `onRest` where it ends: what is kept is written once. */
  onSize: (size: number) => void
  /** 0: as wide as the window suggests. */
  onRest: (size: number) => void
  className: string
  'data-panel'?: string
}

const keyStep = 24

/** The edge of a part of the window: dragged, moved by arrow keys, and put back by a double click. */
export function Splitter({
  label,
  along,
  sign,
  size,
  least,
  most,
  onSize,
  onRest,
  ...rest
}: Props) {
  const handle = useRef<HTMLHRElement>(null)
  const set = (wanted: number): number => {
    const next = Math.round(Math.min(most(), Math.max(least, wanted)))
    onSize(next)
    handle.current?.setAttribute('aria-valuenow', String(next))
    return next
  }
  const drag = (event: PointerEvent<HTMLHRElement>) => {
    const place = (at: { clientX: number; clientY: number }) =>
      along === 'x' ? at.clientX : at.clientY
    const [from, before] = [place(event), size()]
    const { currentTarget: element } = event
    let last = before
    const move = (now: globalThis.PointerEvent) => {
      last = set(before + sign * (place(now) - from))
    }
    element.setPointerCapture(event.pointerId)
    element.addEventListener('pointermove', move)
    const end = () => {
      element.removeEventListener('pointermove', move)
      if (last !== before) onRest(last)
    }
    element.addEventListener('lostpointercapture', end, { once: true })
  }
  const [less, more] = along === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
  return (
    <hr
      ref={handle}
      {...rest}
      aria-orientation={along === 'x' ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most()}
      aria-valuenow={Math.round(size()) || least}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => onRest(0)}
      onKeyDown={(event) => {
        const by = event.key === more ? sign : event.key === less ? -sign : 0
        if (by !== 0) onRest(set(size() + by * keyStep))
      }}
    />
  )
}
