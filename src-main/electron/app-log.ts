import { join } from 'node:path'
import { app } from 'electron'
import log from 'electron-log/main'

/** Then it becomes `slipway.old.log`, and the one that was called so is gone. Bytes. */
const largestLog = 1 << 20

export function appLogFile(): string {
  return join(app.getPath('userData'), 'logs', 'slipway.log')
}

/**
 * What the app says on its streams, it says in a file, too: nobody reads the streams of a window that a
 * desktop has started.
 */
export function keepAppLog(): void {
  log.transports.file.resolvePathFn = appLogFile
  log.transports.file.maxSize = largestLog
  log.transports.console.level = false
  for (const level of ['error', 'warn', 'log'] as const) {
    const say = console[level].bind(console)
    console[level] = (...words: unknown[]) => {
      say(...words)
      log[level](...words)
    }
  }
  process.on('uncaughtExceptionMonitor', (error) => log.error('uncaught:', error))
}
