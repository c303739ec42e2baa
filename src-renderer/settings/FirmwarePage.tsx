import { useEffect } from 'react'
import { largestBlobBound } from '../../src-core/blobs/blob-rules.ts'
import type { BlobRow, BlobRowList } from '../state/blobs-store.ts'
import { useBlobs, useStores } from '../state/use-stores.ts'
import { Button, IconButton, ProblemNote, Working } from '../ui/controls.tsx'
import { numberProblem } from './build-options.ts'
import { KeptField, SettingsGroup, TextRow } from './rows.tsx'

/** Where firmware of others lies that images need: `[blobs]` of `~/.buildman`. */
export function FirmwarePage() {
  const { blobs } = useStores()
  const status = useBlobs((state) => state.status)
  const problem = useBlobs((state) => state.problem)
  useEffect(() => void blobs.load(), [blobs])
  if (status === 'idle') return <Working what="Reading the settings file …" />
  return (
    <>
      <p className="hint firmware-hint">
        Images of many boards need files that are not U-Boot's: bl31.bin, tee.bin, DDR training.
        What make's variables name (BL31=…) counts before what stands here, and a line for a board
        before one for its SoC. Kept in [blobs] of ~/.buildman.
      </p>
      {problem && <ProblemNote problem={problem} />}
      {status === 'ready' && (
        <>
          <Places
            list="rules"
            title="Files"
            heads={['Name, or glob', 'File, or folder that has it']}
          />
          <Places list="folders" title="Folders to look in" heads={['Folder']} />
          <Bounds />
        </>
      )}
    </>
  )
}

function Places({
  list,
  title,
  heads,
}: {
  list: BlobRowList
  title: string
  heads: readonly string[]
}) {
  const { blobs } = useStores()
  const rows = useBlobs((state) => state[list])
  return (
    <SettingsGroup title={title}>
      {rows.length > 0 && (
        <div className="places" data-list={list} aria-hidden="true">
          {[...heads, 'Board or SoC'].map((head) => (
            <span key={head} className="hint">
              {head}
            </span>
          ))}
        </div>
      )}
      {rows.map((row) => (
        <Place key={row.id} list={list} row={row} />
      ))}
      <div className="places-add">
        <Button kind="quiet" icon="plus" onClick={() => blobs.add(list)}>
          {list === 'rules' ? 'Add a file' : 'Add a folder'}
        </Button>
      </div>
    </SettingsGroup>
  )
}

function Place({ list, row }: { list: BlobRowList; row: BlobRow }) {
  const { blobs } = useStores()
  const lost = useBlobs((state) => state.notThere.includes(row.path))
  const change = (fields: Partial<BlobRow>) => void blobs.change(list, row.id, fields)
  const named = row.pattern || row.path || 'the new line'
  return (
    <div className="places" data-list={list}>
      {list === 'rules' && (
        <KeptField
          label={`Name or glob of ${named}`}
          placeholder="bl31.bin"
          value={row.pattern}
          onChange={(pattern) => change({ pattern })}
        />
      )}
      <KeptField
        label={list === 'rules' ? `File of ${named}` : 'Folder to look in'}
        placeholder={list === 'rules' ? '~/tf-a/bl31.bin' : '~/firmware'}
        value={row.path}
        onChange={(path) => change({ path })}
      />
      <KeptField
        label={`Board or SoC of ${named}`}
        placeholder="all"
        value={row.only}
        onChange={(only) => change({ only })}
      />
      <IconButton
        name={`Take out ${named}`}
        icon="close"
        onClick={() => void blobs.remove(list, row.id)}
      />
      {lost && <p className="mistake">{row.path} is not there.</p>}
    </div>
  )
}

function Bounds() {
  const { blobs } = useStores()
  const maxMb = useBlobs((state) => state.maxMb)
  const maxFileMb = useBlobs((state) => state.maxFileMb)
  const check = (text: string) =>
    text.trim() === '' || Number(text) === 0
      ? `From 1 to ${largestBlobBound}.`
      : numberProblem(text, largestBlobBound)
  return (
    <SettingsGroup title="Sent to each machine at most">
      <TextRow
        numeric
        label="A file, MB"
        explain="A larger one is refused when a run starts."
        value={String(maxFileMb)}
        placeholder=""
        check={check}
        onChange={(text) => void blobs.bound({ maxFileMb: Number(text) })}
      />
      <TextRow
        numeric
        label="All of a run, MB"
        explain="Each machine gets a file once, and keeps it."
        value={String(maxMb)}
        placeholder=""
        check={check}
        onChange={(text) => void blobs.bound({ maxMb: Number(text) })}
      />
    </SettingsGroup>
  )
}
