import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname

/** Of the oldest Electron that has to run this, 33; electron-vite would take the installed one. */
const targets = { node: 'node20.18', page: 'chrome130' }

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: targets.node,
      lib: { entry: join(root, 'src-main/electron/main.ts'), formats: ['es'] },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: targets.node,
      // A sandboxed preload is CommonJS and can require nothing but electron.
      externalizeDeps: false,
      lib: { entry: join(root, 'src-preload/preload.ts'), formats: ['cjs'] },
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
      license: { fileName: 'third-party-licences.md' },
      rollupOptions: { input: join(root, 'src-renderer', 'index.html') },
    },
  },
})
