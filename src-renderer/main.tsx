import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { createBossClient } from './boss-client.ts'
import './theme.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element "root"')
createRoot(root).render(
  <StrictMode>
    <App boss={createBossClient(window.slipway)} />
  </StrictMode>,
)
