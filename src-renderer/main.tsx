import './zod-without-eval.ts'
import '@fontsource-variable/inter'
import './look/theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type {} from '../src-preload/bridge.ts'
import { App } from './App.tsx'
import { createBossClient } from './boss-client.ts'
import { createStores } from './state/stores.ts'
// Last: it has the last word on colours.
import './look/forced-colours.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element "root"')
// `innerWidth` is 0 until the page was laid out, which at times it was not yet; this lays it out.
const room = document.documentElement.clientWidth
const stores = createStores(createBossClient(window.slipway), room || undefined)
createRoot(root).render(
  <StrictMode>
    <App stores={stores} />
  </StrictMode>,
)
void stores.load()
