import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

/**
 * Programs of Electron's main process: its own, and those that it starts beside itself
 * (utility processes, worker threads). The key is the name under out/main.
 */
const mainEntries = {
  main: 'src-main/electron/main.ts',
}

/** Of the oldest Electron that has to run this, 33; electron-vite would take the installed one. */
const targets = { node: 'node20.18', page: 'chrome130' }

const entries = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(root, file)]))

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: targets.node,
      lib: { entry: entries(mainEntries), formats: ['es'] },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: targets.node,
      // A sandboxed preload is CommonJS and can require nothing but electron.
      externalizeDeps: false,
      lib: { entry: entries({ preload: 'src-preload/preload.ts' }), formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      target: targets.page,
      emptyOutDir: true,
      rollupOptions: { input: join(root, 'src-renderer', 'index.html') },
    },
  },
})
