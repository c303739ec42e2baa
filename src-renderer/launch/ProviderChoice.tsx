import { useState } from 'react'
import type { ListedProvider } from '../../src-preload/contract.ts'
import { useProviders, useWish } from '../state/use-stores.ts'

/** Which providers the next run asks for machines, and for how many; nothing where none is configured. */
export function ProviderChoice() {
  const providers = useProviders((state) => state.providers)
  if (providers.length === 0) return null
  return (
    <>
      <div className="menu-line" />
      <p className="menu-title">Machines for a time</p>
      {providers.map((provider) => (
        <ProviderLine key={provider.name} provider={provider} />
      ))}
    </>
  )
}

function ProviderLine({ provider: { name, nodes: most } }: { provider: ListedProvider }) {
  const { nodes, choose, toggle } = useWish(name, most)
  return (
    <div className="menu-item provider-choice">
      <label>
        <input
          type="checkbox"
          className="check"
          checked={nodes > 0}
          onChange={(event) => toggle(event.target.checked)}
        />
        {name}
      </label>
      <div>
        <span className="soft">up to</span>
        <NodesField
          label={`Machines of ${name} at most`}
          nodes={nodes || most}
          most={most}
          onChange={choose}
        />
      </div>
    </div>
  )
}

/** What is being typed stays until the field is left, and counts as soon as it can be had. */
function NodesField({
  label,
  nodes,
  most,
  onChange,
}: {
  label: string
  nodes: number
  most: number
  onChange: (nodes: number) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <input
      type="number"
      className="field"
      aria-label={label}
      min={1}
      max={most}
      value={typed ?? String(nodes)}
      onChange={({ target }) => {
        setTyped(target.value)
        if (target.value !== '' && target.validity.valid) onChange(target.valueAsNumber)
      }}
      onBlur={() => setTyped(null)}
    />
  )
}
