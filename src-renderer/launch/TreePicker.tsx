import { plural } from '../../src-core/basics/words.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import { useLaunch, useSettings, useStores } from '../state/use-stores.ts'
import { Button, IconButton, ProblemNote } from '../ui/controls.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { Tip } from '../ui/Tip.tsx'

const none: readonly string[] = []

/** The tree to build, and how to come to another one. */
export function TreePicker() {
  const { launch } = useStores()
  const dir = useLaunch((state) => state.dir)
  const tree = useLaunch((state) => state.tree)
  const name = tree.status === 'ready' ? `${tree.value.name} ${tree.value.version}`.trim() : dir
  return (
    <section className="launch-tree" aria-label="Tree">
      <div className="launch-row">
        <Menu
          className="tree-button"
          button={
            <>
              <Icon name="folder" />
              <span className="tree-name">{name || 'Open a tree'}</span>
              <Icon name="chevron" />
            </>
          }
          tip={dir}
        >
          <TreeMenu />
        </Menu>
        {tree.status === 'ready' && (
          <IconButton
            name="Read the tree again"
            icon="refresh"
            onClick={() => void launch.reload()}
          />
        )}
      </div>
      {tree.status === 'ready' && (
        <Tip text={dir}>
          <p className="launch-note">
            {tree.value.git ? (
              <>
                <Icon name="branch" />
                <span className="cut">{tree.value.git.branch || 'no branch'}</span>
                <code>{tree.value.git.hash.slice(0, 8)}</code>
                {tree.value.git.changedFiles > 0 && (
                  <span>{plural(tree.value.git.changedFiles, 'changed file')}</span>
                )}
              </>
            ) : (
              'without git'
            )}
          </p>
        </Tip>
      )}
      {tree.status === 'failed' && (
        <ProblemNote problem={tree.problem}>
          <Button onClick={() => void launch.reload()}>Try again</Button>
        </ProblemNote>
      )}
    </section>
  )
}

function TreeMenu() {
  const { launch } = useStores()
  const dir = useLaunch((state) => state.dir)
  const recent = useSettings((state) => state.settings?.recentTrees ?? none)
  const others = recent.filter((other) => other !== dir)
  return (
    <>
      {others.length > 0 && <p className="menu-title">Recent trees</p>}
      {others.map((other) => (
        <MenuItem key={other} onChoose={() => void launch.open(other)}>
          <span className="cut-start">{other}</span>
        </MenuItem>
      ))}
      {others.length > 0 && <div className="menu-line" />}
      <MenuItem onChoose={() => void launch.chooseFolder()} hint={keyText('open-tree')}>
        Open a folder …
      </MenuItem>
      <MenuItem onChoose={() => void launch.openSample()}>Open the sample tree</MenuItem>
    </>
  )
}
