import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron'
import { type Bridge, eventChannel, requestChannel } from './bridge.ts'
import { stayOnPage } from './stay-on-page.ts'

// The page gets these functions and never ipcRenderer itself: it can reach no other channel.
const bridge: Bridge = {
  invoke: (name, args) => ipcRenderer.invoke(requestChannel, name, args),
  subscribe: (listener) => {
    const relay = (_event: IpcRendererEvent, name: string, payload: unknown) =>
      listener(name, payload)
    ipcRenderer.on(eventChannel, relay)
    return () => ipcRenderer.off(eventChannel, relay)
  },
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
}

contextBridge.exposeInMainWorld('slipway', bridge)
stayOnPage()
