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
const stores = createStores(createBossClient(window.slipway), window.innerWidth)
createRoot(root).render(
  <StrictMode>
    <App stores={stores} />
  </StrictMode>,
)
void stores.load()
