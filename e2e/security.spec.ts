import { expect, type Page } from '@playwright/test'
import { requestChannel } from '../src-preload/bridge.ts'
import { test } from './launch-app.ts'

test('the page has nothing of Node or Electron', async ({ app }) => {
  const found = await app.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
      (name) => name in globalThis,
    ),
  )
  expect(found).toEqual([])
  expect(await app.page.evaluate(() => Object.keys(window.slipway).sort())).toEqual([
    'invoke',
    'pathOf',
    'subscribe',
  ])
})

const elsewhere = [
  'about:blank',
  'about:blank#x',
  'https://example.com/',
  'app://slipway/nothing-here',
  'app://other/index.html',
  'data:text/html,<p>hello',
  'file:///etc/hostname',
  'javascript:void(document.title = "changed")',
]

test('the page can not be sent anywhere else, by whatever way', async ({ app }) => {
  const ways: readonly ((url: string) => void)[] = [
    (url) => location.assign(url),
    (url) => location.replace(url),
    (url) => {
      const link = Object.assign(document.createElement('a'), { href: url })
      document.body.append(link)
      link.click()
      link.remove()
    },
    (url) => {
      const form = Object.assign(document.createElement('form'), { action: url, method: 'post' })
      document.body.append(form)
      form.submit()
      form.remove()
    },
  ]
  await app.page.evaluate(() => Object.assign(window, { mark: 'the first page' }))
  for (const go of ways) {
    for (const url of elsewhere) await app.page.evaluate(go, url).catch(() => {})
  }
  // A navigation begins in a later task: this request's reply comes after all of them.
  expect(await ask(app.page, 'app:versions', {})).toMatchObject({ ok: true })
  expect(await app.page.evaluate(() => 'mark' in window && window.mark)).toBe('the first page')
  expect(app.page.url()).toBe('app://slipway/index.html')
  expect(await app.page.title()).toContain('Slipway')
  await expect(app.page.getByRole('button', { name: 'Menu', exact: true })).toBeVisible()
})

test('loading the page again is no way out, and works', async ({ app }) => {
  await app.page.evaluate(() => location.reload())
  await expect(app.page.getByRole('button', { name: 'Menu', exact: true })).toBeVisible()
})

test('only the page itself is answered: no frame in it, and no page of another origin', async ({
  app,
}) => {
  const replies = await app.electron.evaluate(async ({ ipcMain }, channel) => {
    // Electron keeps the handlers to itself; this is the one that the window's requests reach.
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })
      ._invokeHandlers
    type Handler = (event: object, name: string, args: object) => Promise<unknown>
    const handler = handlers.get(channel)
    if (!handler) throw new Error('no handler')
    const origin = 'app://slipway'
    const senders = [
      null,
      { parent: null, origin: 'https://example.com' },
      { parent: null, origin: 'null' },
      { parent: { origin }, origin },
      { parent: null, origin },
    ]
    return Promise.all(senders.map((senderFrame) => handler({ senderFrame }, 'app:versions', {})))
  }, requestChannel)
  const refused = { ok: false, error: expect.stringContaining('refused') }
  expect(replies).toEqual([
    refused,
    refused,
    refused,
    refused,
    expect.objectContaining({ ok: true }),
  ])
})

test('the window runs in the sandbox, with web security and without experiments or webviews', async ({
  app,
}) => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    return (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  })
  expect(preferences).not.toHaveProperty('enableBlinkFeatures', expect.stringMatching(/./))
})

test('a webview stays an unknown element, and an attempt to attach one is refused', async ({
  app,
}) => {
  const contents = await app.electron.evaluate(async ({ BrowserWindow, webContents }) => {
    const page = BrowserWindow.getAllWindows()[0]?.webContents
    if (!page) throw new Error('there is no window')
    await page.executeJavaScript(`{
      const view = document.createElement('webview')
      view.setAttribute('allowpopups', '')
      view.src = 'https://example.com/'
      document.body.append(view)
    }`)
    let refused = false
    page.emit(
      'will-attach-webview',
      {
        preventDefault: () => {
          refused = true
        },
      },
      {},
      {},
    )
    return { refused, count: webContents.getAllWebContents().length }
  })
  expect(contents).toEqual({ refused: true, count: 1 })
})

test('no frame is loaded into the page', async ({ app }) => {
  const urls = ['https://example.com/', 'app://slipway/index.html', 'data:text/html,hello']
  const shown = await app.page.evaluate(async (sources) => {
    const frames = sources.map((src) => Object.assign(document.createElement('iframe'), { src }))
    document.body.append(...frames)
    // In a later task than that in which a frame would begin to load.
    await Promise.all(
      frames.map(
        (frame) =>
          new Promise((done) => {
            frame.addEventListener('load', done)
            setTimeout(done, 3000)
          }),
      ),
    )
    return frames.map((frame) => frame.contentDocument?.body.textContent ?? 'another document')
  }, urls)
  expect(shown.filter((text) => text !== '' && text !== 'another document')).toEqual([])
  const loaded = app.page.frames().map((frame) => frame.url())
  expect(loaded.filter((url) => urls.includes(url))).toEqual(['app://slipway/index.html'])
})

test('the page can not open a window', async ({ app }) => {
  expect(await app.page.evaluate(() => window.open('https://example.com/') === null)).toBe(true)
  expect(app.electron.windows()).toHaveLength(1)
})

test('scripts from elsewhere, inline ones and eval are refused', async ({ app }) => {
  const blocked = await app.page.evaluate(async () => {
    const violations: string[] = []
    const three = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(event.blockedURI)
        if (violations.length === 3) resolve()
      })
    })
    const inline = document.createElement('script')
    inline.textContent = 'window.inlineRan = true'
    const foreign = document.createElement('script')
    foreign.src = 'https://example.com/x.js'
    document.head.append(inline, foreign)
    fetch('https://example.com/').catch(() => {})
    await three
    return violations.sort()
  })
  expect(blocked).toEqual(['https://example.com/', 'https://example.com/x.js', 'inline'])

  // In a task of its own: what the debugger runs by itself is exempt.
  const evalled = await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(new Function('return 2')())
          } catch (error) {
            resolve(String(error))
          }
        })
      }),
  )
  expect(evalled).toMatch(/^EvalError/)
})

test('files outside the app can not be read through its scheme', async ({ app }) => {
  const statuses = await app.page.evaluate(async () => {
    const paths = ['/..%2f..%2fpackage.json', '/%2e%2e%2fmain/main.js', '/nothing-here']
    return Promise.all(paths.map(async (path) => (await fetch(path)).status))
  })
  expect(statuses).toEqual([403, 403, 404])
})

test('permissions are refused', async ({ app }) => {
  const answer = await app.page.evaluate(() => Notification.requestPermission())
  expect(answer).toBe('denied')
})

test('bad requests get an error that names the field', async ({ app }) => {
  expect(await ask(app.page, 'settings:set', { theme: 'pink' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('settings:set: theme:'),
  })
  expect(await ask(app.page, 'app:format-disk', {})).toEqual({
    ok: false,
    error: 'no request "app:format-disk"',
  })
})

test('a link outside the allow-list is not opened', async ({ app }) => {
  const reply = await app.page.evaluate(() =>
    window.slipway.invoke('link:open', { url: 'https://example.com/' }),
  )
  expect(reply).toMatchObject({ ok: true, reply: { ok: false } })
})

function ask(page: Page, name: string, args: unknown): Promise<unknown> {
  return page.evaluate(([n, a]) => window.slipway.invoke(n as string, a), [name, args])
}
