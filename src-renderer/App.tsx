import { useEffect, useState } from 'react'
import type { AppSettings } from '../src-preload/schemas.ts'
import { AboutDialog } from './AboutDialog.tsx'
import type { BossClient } from './boss-client.ts'
import './App.css'

const themes = ['system', 'light', 'dark'] as const satisfies readonly AppSettings['theme'][]

export function App({ boss }: { boss: BossClient }) {
  const [settings, setSettings] = useState<AppSettings>()
  const [problems, setProblems] = useState<readonly string[]>([])
  const [about, setAbout] = useState(false)

  useEffect(() => {
    boss.request('settings:get', {}).then((file) => {
      setSettings(file.settings)
      setProblems(file.warnings)
    })
  }, [boss])

  useEffect(() => boss.on('menu:command', (command) => setAbout(command === 'about')), [boss])

  async function chooseTheme(theme: AppSettings['theme']) {
    if (settings === undefined) return
    const saved = await boss.request('settings:set', { ...settings, theme })
    if (saved.ok) setSettings(saved.value)
    else setProblems([`${saved.problem.what} ${saved.problem.hint}`])
  }

  return (
    <>
      <header className="app-header">
        <h1>Slipway</h1>
        <fieldset className="theme-switch">
          <legend>Theme</legend>
          {themes.map((theme) => (
            <label key={theme}>
              <input
                type="radio"
                name="theme"
                checked={settings?.theme === theme}
                onChange={() => chooseTheme(theme)}
              />
              {theme}
            </label>
          ))}
        </fieldset>
        <button type="button" onClick={() => setAbout(true)}>
          About
        </button>
      </header>
      {problems.map((problem) => (
        <p key={problem} role="alert">
          {problem}
        </p>
      ))}
      {about && <AboutDialog boss={boss} onClose={() => setAbout(false)} />}
    </>
  )
}
