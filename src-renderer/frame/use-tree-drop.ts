import { type DragEvent, useState } from 'react'
import { runFileEnding } from '../../src-core/sending/run-file.ts'
import { openRunFile } from '../commands/open-run-file.ts'
import { useStores } from '../state/use-stores.ts'

/** Opens a folder that is dropped on the window, or the file of a run. */
export function useTreeDrop() {
  const stores = useStores()
  const { boss, launch } = stores
  const [over, setOver] = useState(false)
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'link'
      setOver(true)
    },
    onDragLeave(event: DragEvent) {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
    },
    onDrop(event: DragEvent) {
      setOver(false)
      const file = event.dataTransfer.files[0]
      const dir = file ? boss.pathOf(file) : ''
      if (dir === '') return
      event.preventDefault()
      if (dir.endsWith(`.${runFileEnding}`)) void openRunFile(stores, dir)
      else void launch.open(dir)
    },
  }
  return { over, handlers }
}
