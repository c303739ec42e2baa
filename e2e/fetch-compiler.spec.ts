import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { deferred } from '../src-core/basics/deferred.ts'
import { test as base, useApp } from './launch-app.ts'

/** Compilers for two architectures and no checksums; it says so only when it is let. */
class CompilerServer {
  readonly asked: string[] = []
  readonly answers = deferred<void>()
  readonly #server = createServer(async (request, response) => {
    const url = request.url ?? ''
    this.asked.push(url)
    if (url.endsWith('/')) {
      const file = (arch: string) => `x86_64-gcc-14.2.0-nolibc-${arch}-linux.tar.xz`
      const link = (arch: string) => `<a href="${file(arch)}">${arch}</a>`
      response.end(`${link('or1k')}\n${link('arm')}`)
      return
    }
    if (!url.endsWith('.xz')) await this.answers.promise
    response.writeHead(404).end()
  }).listen(0, '127.0.0.1')

  async address(): Promise<string> {
    if (!this.#server.listening) await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

const test = base.extend<{ server: CompilerServer }>({
  // biome-ignore lint: playwright reads the names of the fixtures it needs from the pattern
  server: async ({}, use) => {
    const server = new CompilerServer()
    await use(server)
    await server.close()
  },
  app: async ({ profile, server }, use, testInfo) => {
    const settings = { toolchainMirror: await server.address() }
    await writeFile(join(profile, 'settings.json'), JSON.stringify(settings))
    await useApp(profile, {}, use, testInfo)
  },
})

test('a compiler that nobody vouches for is installed for the architecture that was asked for', async ({
  app: { page },
  server,
}) => {
  await page.getByRole('button', { name: 'More about This computer' }).click()
  await page.getByText('What it has …').click()
  const dialog = page.getByRole('dialog', { name: 'This computer' })
  await dialog.getByRole('button', { name: 'Probe again' }).click()
  await expect(dialog.getByText(/\d threads/)).toBeVisible({ timeout: 300_000 })
  const arch = dialog.getByLabel('Architecture to fetch a compiler for')
  await arch.fill('or1k')
  await dialog.getByRole('button', { name: 'Fetch a compiler' }).click()
  await expect.poll(() => server.asked.length).toBeGreaterThan(1)
  await arch.fill('arm')
  server.answers.resolve()

  const install = dialog.getByRole('button', { name: /^Install the compiler for / })
  await expect(install).toHaveText('Install the compiler for or1k unchecked')
  await install.click()
  const archives = () => server.asked.filter((url) => url.endsWith('.xz'))
  await expect.poll(archives).toEqual([expect.stringContaining('or1k')])

  await expect(dialog.getByRole('button', { name: 'Fetch a compiler' })).toBeEnabled()
  await arch.fill('or1k')
  await dialog.getByRole('button', { name: 'Fetch a compiler' }).click()
  await expect(install).toBeVisible()
  await arch.fill('or1')
  await expect(install).toBeHidden()
})
