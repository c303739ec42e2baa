import { useEffect, useRef, useState } from 'react'
import type { Versions } from '../src-preload/contract.ts'
import type { BossClient } from './boss-client.ts'
import './AboutDialog.css'

export function AboutDialog({ boss, onClose }: { boss: BossClient; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [versions, setVersions] = useState<Versions>()

  useEffect(() => {
    dialog.current?.showModal()
    boss.request('app:versions', {}).then(setVersions)
  }, [boss])

  return (
    <dialog ref={dialog} className="about" aria-labelledby="about-title" onClose={onClose}>
      <h2 id="about-title">Slipway {versions?.app}</h2>
      <p>Builds U-Boot boards on many machines at once.</p>
      <dl>
        <dt>Electron</dt>
        <dd>
          {versions?.electron}
          <small>{versions?.runtime}</small>
        </dd>
        <dt>Chromium</dt>
        <dd>{versions?.chrome}</dd>
        <dt>Node</dt>
        <dd>{versions?.node}</dd>
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
