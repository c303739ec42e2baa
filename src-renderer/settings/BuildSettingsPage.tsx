import { useEffect, useState } from 'react'
import type { BuildSettings } from '../../src-core/model.ts'
import { attemptPlain } from '../state/attempt.ts'
import { useLaunch, useSettings, useStores } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'
import { plural } from '../words.ts'
import { type BuildOption, buildOptions, differences, wordsOf } from './build-options.ts'
import { SettingsGroup, SwitchRow, TextRow } from './rows.tsx'

/** How boards are built, from the next run on. */
export function BuildSettingsPage() {
  const { launch, settings } = useStores()
  const build = useLaunch((state) => state.build)
  const outputDir = useSettings((state) => state.settings?.outputDir ?? '')
  return (
    <>
      <Defaults build={build} />
      {buildOptions.map(({ title, options }) => (
        <SettingsGroup key={title} title={title}>
          {title === 'Results' && (
            <TextRow
              label="Folder for results"
              explain="One folder a commit below it, and one a board in that."
              flag="-o"
              value={outputDir}
              placeholder="beside the tree, named as the tree with -builds"
              onChange={(value) => void settings.change({ outputDir: value.trim() })}
            />
          )}
          {options.map((option) => (
            <OptionRow
              key={option.key}
              option={option}
              build={build}
              onChange={(changes) => launch.changeBuild({ ...build, ...changes })}
            />
          ))}
        </SettingsGroup>
      ))}
    </>
  )
}

function OptionRow({
  option,
  build,
  onChange,
}: {
  option: BuildOption
  build: BuildSettings
  onChange: (changes: Partial<BuildSettings>) => void
}) {
  const { label, explain, flag } = option
  switch (option.kind) {
    case 'switch': {
      const inverted = option.inverted ?? false
      return (
        <SwitchRow
          label={label}
          explain={explain}
          flag={flag}
          checked={build[option.key] !== inverted}
          onChange={(on) => onChange({ [option.key]: on !== inverted })}
        />
      )
    }
    case 'number':
      return (
        <TextRow
          label={label}
          explain={explain}
          flag={flag}
          numeric
          value={build[option.key] === 0 ? '' : String(build[option.key])}
          placeholder={option.zero}
          check={(text) => (/^\d{0,6}$/.test(text.trim()) ? '' : 'A whole number, or nothing.')}
          onChange={(text) => onChange({ [option.key]: Number(text.trim()) })}
        />
      )
    case 'text':
      return (
        <TextRow
          label={label}
          explain={explain}
          flag={flag}
          value={build[option.key]}
          placeholder={option.placeholder}
          check={(text) =>
            build.configOnly && text.trim() !== '' ? 'Not together with "Only configure".' : ''
          }
          onChange={(text) => onChange({ [option.key]: text.trim() })}
        />
      )
    case 'list':
      return (
        <TextRow
          label={label}
          explain={explain}
          flag={flag}
          value={build[option.key].join(' ')}
          placeholder={option.placeholder}
          onChange={(text) => onChange({ [option.key]: wordsOf(text) })}
        />
      )
  }
}

/** What `~/.buildman` says, and the way back to it. */
function Defaults({ build }: { build: BuildSettings }) {
  const { boss, launch, actions } = useStores()
  const [defaults, setDefaults] = useState<BuildSettings | null>(null)
  useEffect(() => {
    let gone = false
    void attemptPlain(
      'The defaults of ~/.buildman could not be read',
      boss.request('settings:build-defaults', {}),
    ).then((reply) => {
      if (gone) return
      if (reply.ok) setDefaults(reply.value)
      else actions.tell(reply.problem)
    })
    return () => {
      gone = true
    }
  }, [boss, actions])
  if (!defaults) return null
  const changed = differences(build, defaults)
  return (
    <p className="settings-defaults">
      {changed === 0
        ? 'As in ~/.buildman, or built in.'
        : `${plural(changed, 'setting')} differ${changed === 1 ? 's' : ''} from ~/.buildman.`}
      <Button disabled={changed === 0} onClick={() => launch.changeBuild(defaults)}>
        Back to the defaults
      </Button>
    </p>
  )
}
