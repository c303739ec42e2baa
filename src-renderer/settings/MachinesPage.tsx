import { useSettings, useStores } from '../state/use-stores.ts'
import { SettingsGroup, SwitchRow, TextRow } from './rows.tsx'

/** What holds for all machines; each one has its own settings in the panel of machines. */
export function MachinesPage() {
  const { settings } = useStores()
  const different = useSettings((state) => state.settings?.allowDifferentCompilers ?? false)
  const mirror = useSettings((state) => state.settings?.toolchainMirror ?? '')
  const file = useSettings((state) => state.settings?.buildmanFile ?? '')
  return (
    <>
      <SettingsGroup title="Compilers">
        <SwitchRow
          label="Use machines with other compilers"
          explain="Sizes and warnings of a board then depend on the machine that builds it. Off: a machine is left out of architectures for which its compiler's version differs from this computer's."
          flag="--allow-different-compilers"
          checked={different}
          onChange={(on) => void settings.change({ allowDifferentCompilers: on })}
        />
        <TextRow
          label="Toolchains are fetched from"
          explain="A mirror of kernel.org's cross compilers, laid out as there."
          flag="--toolchain-server"
          value={mirror}
          placeholder="https://mirrors.edge.kernel.org/pub/tools/crosstool"
          check={(text) =>
            text.trim() === '' || /^https:\/\/\S+$/.test(text.trim())
              ? ''
              : 'An address that begins with https://'
          }
          onChange={(text) => void settings.change({ toolchainMirror: text.trim() })}
        />
      </SettingsGroup>
      <SettingsGroup title="Where machines are written down">
        <TextRow
          label="Settings of buildman"
          explain="Machines, toolchains and make flags are read from there, and mean what they mean to buildman."
          flag="-G"
          value={file}
          placeholder="~/.buildman"
          onChange={(text) => void settings.change({ buildmanFile: text.trim() })}
        />
      </SettingsGroup>
    </>
  )
}
