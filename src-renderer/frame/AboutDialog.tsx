import { useEffect, useState } from 'react'
import type { Versions } from '../../src-preload/contract.ts'
import { useStores } from '../state/use-stores.ts'
import { Dialog } from '../ui/Dialog.tsx'

export function AboutDialog({ onClose }: { onClose: () => void }) {
  const { boss } = useStores()
  const [versions, setVersions] = useState<Versions>()
  useEffect(() => void boss.request('app:versions', {}).then(setVersions), [boss])
  return (
    <Dialog title={`Slipway ${versions?.app ?? ''}`} onClose={onClose}>
      <div className="dialog-body">
        <p>Builds U-Boot boards on many machines at once.</p>
        <dl className="form-grid about-versions">
          <dt>Electron</dt>
          <dd>
            {versions?.electron}
            <p className="hint">{versions?.runtime}</p>
          </dd>
          <dt>Chromium</dt>
          <dd>{versions?.chrome}</dd>
          <dt>Node</dt>
          <dd>{versions?.node}</dd>
        </dl>
      </div>
    </Dialog>
  )
}
