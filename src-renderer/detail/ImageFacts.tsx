import { titleOfBlob } from '../../src-core/blobs/board-blobs.ts'
import type { BuildReport } from '../../src-preload/contract.ts'
import { attempt } from '../state/attempt.ts'
import { useBuild, useRun, useStores } from '../state/use-stores.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Button } from '../ui/controls.tsx'
import { Tip } from '../ui/Tip.tsx'
import { Facts } from './FactsSection.tsx'

/** The images that were kept, as they are to be flashed. */
export function Images({ artifacts, outputDir }: Pick<BuildReport, 'artifacts' | 'outputDir'>) {
  if (artifacts.length === 0) return null
  return (
    <Facts title="Images, in bytes" tool={<OpenFolder />}>
      <ul className="image-list">
        {artifacts.map(({ name, bytes, sha256 }) => (
          <li key={name}>
            <span className="mono">{name}</span>
            <span className="number">{bytes.toLocaleString('en')}</span>
            <Hash sha256={sha256} />
            {outputDir !== '' && (
              <CopyButton label="Copy path" quiet text={() => `${outputDir}/${name}`} />
            )}
          </li>
        ))}
      </ul>
    </Facts>
  )
}

function OpenFolder() {
  const { boss, actions } = useStores()
  const build = useBuild((state) => state.build)
  const isOwn = useRun((run) => run.sentAs === '')
  if (!build || !isOwn) return null
  const open = async () => {
    const request = boss.request('build:open-folder', build)
    const reply = await attempt('The folder could not be opened', request)
    if (!reply.ok) actions.tell(reply.problem)
  }
  return (
    <Button kind="quiet" icon="folder" onClick={() => void open()}>
      Open folder
    </Button>
  )
}

/** Firmware of others that is in the images, and what they were made without. */
export function Firmware({
  blobs,
  lacks,
}: Pick<BuildReport, 'blobs'> & { lacks: readonly string[] }) {
  const { view } = useStores()
  return (
    <>
      {lacks.length > 0 && (
        <Facts title="Firmware that it lacks">
          <ul className="image-list">
            {lacks.map((title) => (
              <li key={title}>
                <strong className="mono">{title}</strong>
              </li>
            ))}
          </ul>
          <p className="soft">
            Say where it lies in the settings, name it in its variable of make, or put it beside the
            Makefile. Then build again.
          </p>
          <Button onClick={() => view.openDialog({ name: 'settings', page: 'firmware' })}>
            Say where it lies …
          </Button>
        </Facts>
      )}
      {blobs.length > 0 && (
        <Facts title="Firmware that it was given">
          <ul className="image-list">
            {blobs.map((blob) => (
              <li key={blob.name}>
                <span className="mono">{titleOfBlob(blob)}</span>
                <Hash sha256={blob.sha256} />
                <span className="mono soft whole">{blob.path}</span>
              </li>
            ))}
          </ul>
        </Facts>
      )}
    </>
  )
}

/** As much of a hash as tells files apart; all of it in the tooltip. */
function Hash({ sha256 }: { sha256: string }) {
  return (
    <Tip text={sha256 && `SHA-256 ${sha256}`}>
      <span className="mono soft">{sha256.slice(0, 12)}</span>
    </Tip>
  )
}
