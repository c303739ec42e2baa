import { expect } from '@playwright/test'
import type {} from '../src-preload/bridge.ts'
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

test('the page can not navigate to another site', async ({ app }) => {
  const after = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    if (contents === undefined) throw new Error('there is no window')
    const attempt = new Promise((resolve) => contents.once('will-navigate', resolve))
    await contents.executeJavaScript("location.href = 'https://example.com/'; 0")
    await attempt
    return { url: contents.getURL(), title: await contents.executeJavaScript('document.title') }
  })
  expect(after).toEqual({ url: 'app://slipway/index.html', title: 'Slipway' })
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
  const ask = (name: string, args: unknown) =>
    app.page.evaluate(([n, a]) => window.slipway.invoke(n as string, a), [name, args])
  expect(await ask('settings:set', { theme: 'pink' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('settings:set: theme:'),
  })
  expect(await ask('app:format-disk', {})).toEqual({
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
