import { useSettings, useStores } from '../state/use-stores.ts'
import { Splitter } from '../ui/Splitter.tsx'

const none = { launch: 0, machines: 0, detail: 0 }
const least = 220

/** The edge between a panel and the stage, which a person moves as long names ask for it. */
export function PanelEdge({ panel }: { panel: 'launch' | 'machines' }) {
  const { settings } = useStores()
  const panels = useSettings((state) => state.settings?.panels) ?? none
  const variable = `--${panel}-width`
  const frame = () => document.querySelector<HTMLElement>('.frame')
  return (
    <Splitter
      className="panel-edge"
      data-panel={panel}
      label={panel === 'launch' ? 'Width of what to build' : 'Width of the machines'}
      along="x"
      sign={panel === 'launch' ? 1 : -1}
      size={() =>
        document.querySelector<HTMLElement>(`.${panel}-panel`)?.offsetWidth ?? panels[panel]
      }
      least={least}
      most={() => Math.max(least, Math.round(window.innerWidth * 0.4))}
      onSize={(size) => frame()?.style.setProperty(variable, `${size}px`)}
      onRest={(size) => {
        if (size === 0) frame()?.style.removeProperty(variable)
        void settings.change({ panels: { ...panels, [panel]: size } })
      }}
    />
  )
}
