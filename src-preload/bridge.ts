/** What crosses between window and boss, beneath the contract: two channels and one envelope. */

export const requestChannel = 'slipway:request'
export const eventChannel = 'slipway:event'

/**
 * A reply, or why there is none. Errors travel as data: Electron would wrap a thrown one in words
 * of its own.
 */
export type Envelope =
  | { readonly ok: true; readonly reply: unknown }
  | { readonly ok: false; readonly error: string }

/** All that the window's page is given of Electron. */
export type Bridge = {
  readonly invoke: (name: string, args: unknown) => Promise<Envelope>
  /** Hears every event; returns the call that stops it. */
  readonly subscribe: (listener: (name: string, payload: unknown) => void) => () => void
  /** Path on disk of a file or folder (a DOM `File`) that was dropped on the page; empty if it has none. */
  readonly pathOf: (file: object) => string
}

declare global {
  interface Window {
    /** Put there by preload.ts. */
    readonly slipway: Bridge
  }
}
