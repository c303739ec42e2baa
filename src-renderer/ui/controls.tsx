import { type ComponentProps, type ReactNode, useId } from 'react'
import type { Problem } from '../../src-core/result.ts'
import { Icon, type IconName } from './Icon.tsx'
import { Tip } from './Tip.tsx'
import './controls.css'

export function Button({
  kind,
  icon,
  tip,
  children,
  ...rest
}: Omit<ComponentProps<'button'>, 'title'> & {
  kind?: 'primary' | 'danger' | 'quiet'
  icon?: IconName
  /** What its tooltip says. */
  tip?: string
}) {
  const button = (
    <button type="button" className="button" data-kind={kind} {...rest}>
      {icon && <Icon name={icon} />}
      {icon ? <span className="button-text">{children}</span> : children}
    </button>
  )
  return tip === undefined ? button : <Tip text={tip}>{button}</Tip>
}

/** A button that shows only an icon; its name is read out and stands in its tooltip. */
export function IconButton({
  name,
  icon,
  ...rest
}: Omit<ComponentProps<'button'>, 'name' | 'title'> & { name: string; icon: IconName }) {
  return (
    <Tip text={name} isName>
      <button
        type="button"
        className="button"
        data-kind="quiet"
        data-icon
        aria-label={name}
        {...rest}
      >
        <Icon name={icon} />
      </button>
    </Tip>
  )
}

export function Switch({
  label,
  hint,
  checked,
  disabled = false,
  onChange,
}: {
  label: string
  hint?: string
  checked: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <Tip text={hint}>
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          aria-checked={checked}
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
    </Tip>
  )
}

/** Few choices of which one holds, side by side. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T
  options: readonly { readonly value: T; readonly label: string; readonly off?: string }[]
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className="segments" aria-label={label}>
      {options.map((option) => (
        <Tip key={option.value} text={option.off}>
          <label>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={option.off !== undefined}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        </Tip>
      ))}
    </fieldset>
  )
}

export function ProblemNote({ problem, children }: { problem: Problem; children?: ReactNode }) {
  return (
    <div className="problem" role="alert">
      <Icon name="warning" />
      <div>
        <p>{problem.what}</p>
        {problem.hint && <p className="hint">{problem.hint}</p>}
        {children}
      </div>
    </div>
  )
}

/** What stands where there is nothing yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

export function Working({ what }: { what: string }) {
  return (
    <div className="empty" role="status">
      <span className="working" aria-hidden="true" />
      <p>{what}</p>
    </div>
  )
}
