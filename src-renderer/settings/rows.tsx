import {
  type ChangeEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useState,
} from 'react'

/** A setting that is on or off, with its explanation below. */
export function SwitchRow({
  label,
  explain,
  flag = '',
  checked,
  onChange,
}: {
  label: string
  explain: string
  flag?: string
  checked: boolean
  onChange: (on: boolean) => void
}) {
  const id = useId()
  return (
    <div className="setting">
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          aria-checked={checked}
          aria-describedby={id}
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
        <Flag flag={flag} />
      </label>
      <p id={id} className="hint">
        {explain}
      </p>
    </div>
  )
}

/** A setting that is typed. It holds when the field is left or Enter is pressed. */
export function TextRow({
  label,
  explain,
  flag = '',
  value,
  placeholder,
  numeric = false,
  check = () => '',
  onChange,
}: {
  label: string
  explain: string
  flag?: string
  value: string
  placeholder: string
  numeric?: boolean
  /** What is wrong with a text, in words; empty where nothing is. */
  check?: (text: string) => string
  onChange: (value: string) => void
}) {
  const id = useId()
  const typed = useTyped(value, (text) => {
    if (check(text) === '' && text !== value) onChange(text)
  })
  const mistake = check(typed.value)
  return (
    <div className="setting">
      <label htmlFor={`${id}-field`}>
        {label}
        <Flag flag={flag} />
      </label>
      <input
        id={`${id}-field`}
        className="field"
        data-numeric={numeric || undefined}
        inputMode={numeric ? 'numeric' : 'text'}
        placeholder={placeholder}
        aria-describedby={`${id}-hint`}
        aria-invalid={mistake !== ''}
        {...typed}
      />
      <p id={`${id}-hint`} className={mistake ? 'mistake' : 'hint'}>
        {mistake || explain}
      </p>
    </div>
  )
}

/** What a field shows while somebody types; it is kept when the field is left or Enter is pressed. */
function useTyped(value: string, keep: (text: string) => void) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return {
    value: text,
    spellCheck: false,
    onChange: (event: ChangeEvent<HTMLInputElement>) => setText(event.target.value),
    onBlur: () => keep(text),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') keep(text)
    },
  }
}

/** A field by itself. */
export function KeptField({
  label,
  value,
  placeholder,
  onChange,
}: {
  label: string
  value: string
  placeholder: string
  onChange: (value: string) => void
}) {
  const typed = useTyped(value, (text) => {
    if (text.trim() !== value) onChange(text.trim())
  })
  return <input className="field" aria-label={label} placeholder={placeholder} {...typed} />
}

/** What the terminal calls it. */
function Flag({ flag }: { flag: string }) {
  return flag === '' ? null : <code className="flag">{flag}</code>
}

export function SettingsGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  )
}
