/** The part of Chromium's Navigation API that is needed; this folder has no DOM types. */
type NavigateEvent = {
  readonly destination: { readonly url: string; readonly sameDocument: boolean }
  preventDefault(): void
}
type Navigation = {
  readonly currentEntry: { readonly url: string } | null
  addEventListener(type: 'navigate', listener: (event: NavigateEvent) => void): void
}

/**
 * Refuses whatever would put another document in the page's place; loading it again is none. Electron
 * asks the main process about most navigations, but about `about:blank` nobody.
 */
export function stayOnPage(): void {
  const { navigation } = globalThis as unknown as { readonly navigation: Navigation }
  const home = withoutHash(navigation.currentEntry?.url ?? 'about:blank')
  // Not the app's page: whatever brings that back is welcome.
  if (home === 'about:blank') return
  navigation.addEventListener('navigate', (event) => {
    const { url, sameDocument } = event.destination
    if (!sameDocument && withoutHash(url) !== home) event.preventDefault()
  })
}

function withoutHash(url: string): string {
  return url.replace(/#.*/s, '')
}
