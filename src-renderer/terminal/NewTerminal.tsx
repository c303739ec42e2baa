import { LOCAL } from '../../src-core/model.ts'
import { useLaunch, useMachines, useStores } from '../state/use-stores.ts'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'

/** Opens a terminal in the tree or on a machine. */
export function NewTerminal({ small = false }: { small?: boolean }) {
  const { terminals } = useStores()
  const dir = useLaunch((state) => (state.tree.status === 'ready' ? state.dir : ''))
  const machines = useMachines((state) => state.machines)
  const away = machines.filter(({ config }) => config.name !== LOCAL)
  return (
    <Menu
      {...(small
        ? {
            label: 'New terminal',
            kind: 'quiet' as const,
            icon: true,
            button: <Icon name="plus" />,
          }
        : { button: 'New terminal' })}
    >
      <MenuItem
        disabled={dir === ''}
        hint={dir === '' ? 'no tree is open' : ''}
        onChoose={() => void terminals.open({ kind: 'tree', dir })}
      >
        In the tree
      </MenuItem>
      {away.length > 0 && <div className="menu-line" />}
      {away.map(({ config: { name } }) => (
        <MenuItem
          key={name}
          onChoose={() => void terminals.open({ kind: 'machine', machine: name })}
        >
          On {name}
        </MenuItem>
      ))}
    </Menu>
  )
}
