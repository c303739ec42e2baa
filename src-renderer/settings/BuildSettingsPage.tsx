import { useEffect, useState } from 'react'
import { plural } from '../../src-core/basics/words.ts'
import type { BuildOption } from '../../src-core/build-options/build-option.ts'
import type { BuildSettings, OptionValue } from '../../src-core/build-options/build-settings.ts'
import { goalProblem } from '../../src-core/build-options/make-goal.ts'
import { attemptPlain } from '../state/attempt.ts'
import { useLaunch, useSettings, useStores } from '../state/use-stores.ts'
import { Button } from '../ui/controls.tsx'
import {
  differences,
  flagText,
  isShownOn,
  numberProblem,
  shownOptions,
  wordsOf,
} from './build-options.ts'
import { SettingsGroup, SwitchRow, TextRow } from './rows.tsx'

/** How boards are built, from the next run on. */
export function BuildSettingsPage() {
  const { launch, settings } = useStores()
  const build = useLaunch((state) => state.build)
  const outputDir = useSettings((state) => state.settings?.outputDir ?? '')
  return (
    <>
      <Defaults build={build} />
      {shownOptions.map(({ section, options }) => (
        <SettingsGroup key={section} title={section}>
          {section === 'Results' && (
            <TextRow
              label="Folder for results"
              explain="One folder a commit below it, and one a board in that."
              flag="-o"
              value={outputDir}
              placeholder="beside the tree, named as the tree with -builds"
              onChange={(value) => void settings.change({ outputDir: value.trim() })}
            />
          )}
          {options.map(([key, option]) => (
            <OptionRow
              key={key}
              option={option}
              value={build[key]}
              problem={
                key === 'makeTarget' && build.configOnly
                  ? 'Not together with "Only configure".'
                  : ''
              }
              onChange={(value) => launch.changeBuild({ ...build, [key]: value })}
            />
          ))}
        </SettingsGroup>
      ))}
    </>
  )
}

function OptionRow({
  option,
  value,
  problem,
  onChange,
}: {
  option: BuildOption
  value: OptionValue
  /** Why nothing may be typed here now. */
  problem: string
  onChange: (value: OptionValue) => void
}) {
  const shown = { label: option.label, explain: option.explanation, flag: flagText(option) }
  switch (option.kind) {
    case 'switch':
      return (
        <SwitchRow
          {...shown}
          checked={isShownOn(option, value === true)}
          onChange={(on) => onChange(isShownOn(option, on))}
        />
      )
    case 'number':
      return (
        <TextRow
          {...shown}
          numeric
          value={value === 0 ? '' : String(value)}
          placeholder={option.zero}
          check={(text) => numberProblem(text, option.max)}
          onChange={(text) => onChange(Number(text.trim()))}
        />
      )
    case 'text':
      return (
        <TextRow
          {...shown}
          value={String(value)}
          placeholder={option.placeholder}
          check={(text) => (text.trim() === '' ? '' : problem || badGoal(option, [text.trim()]))}
          onChange={(text) => onChange(text.trim())}
        />
      )
    case 'list':
      return (
        <TextRow
          {...shown}
          value={Array.isArray(value) ? value.join(' ') : ''}
          placeholder={option.placeholder}
          check={(text) => badGoal(option, wordsOf(text))}
          onChange={(text) => onChange(wordsOf(text))}
        />
      )
  }
}

/** What is wrong with a word that make would get; empty where nothing is. */
function badGoal({ isGoal }: { readonly isGoal: boolean }, words: readonly string[]): string {
  return isGoal ? (words.map(goalProblem).find((problem) => problem !== '') ?? '') : ''
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
