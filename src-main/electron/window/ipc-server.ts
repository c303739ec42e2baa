import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import { type Envelope, eventChannel, requestChannel } from '../../../src-preload/bridge.ts'
import type { Events, RequestName } from '../../../src-preload/contract.ts'
import { createRouter, type Handlers } from '../../requests/request-router.ts'

/** Answers the window's requests; only pages of `trustedOrigin` are listened to. */
export function serve<N extends RequestName>(handlers: Handlers<N>, trustedOrigin: string): void {
  const route = createRouter(handlers, (name, error) => console.error(`${name}:`, error))
  ipcMain.handle(requestChannel, (event, name: unknown, args: unknown): Promise<Envelope> => {
    // Read at once: after an await the frame may be gone and another in its place.
    if (!isTrusted(event.senderFrame, trustedOrigin)) {
      const error = `refused: the sender is not this app's window`
      return Promise.resolve({ ok: false, error })
    }
    return route(name, args)
  })
}

export function emit<E extends keyof Events>(to: WebContents, name: E, payload: Events[E]): void {
  if (!to.isDestroyed()) to.send(eventChannel, name, payload)
}

function isTrusted(frame: WebFrameMain | null, trustedOrigin: string): boolean {
  return frame !== null && frame.parent === null && frame.origin === trustedOrigin
}
