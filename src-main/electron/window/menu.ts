import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../../src-preload/contract.ts'

/** @param choose told of each entry that the window, not Electron, acts on */
export function setMenu(choose: (command: MenuCommand) => void): void {
  const command = (label: string, name: MenuCommand, accelerator?: string) => ({
    label,
    click: () => choose(name),
    ...(accelerator && { accelerator }),
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }

  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      command('Open Tree…', 'open-tree', 'CmdOrCtrl+O'),
      command('Run History', 'history', 'CmdOrCtrl+H'),
      separator,
      command('Settings…', 'settings', 'CmdOrCtrl+,'),
      separator,
      { role: 'quit' },
    ],
  }
  const build: MenuItemConstructorOptions = {
    label: '&Build',
    submenu: [
      command('Build', 'build', 'CmdOrCtrl+B'),
      command('Stop', 'stop', 'CmdOrCtrl+.'),
      separator,
      command('New Terminal', 'new-terminal', 'CmdOrCtrl+Shift+T'),
      command('Kill Stale Workers…', 'kill-workers'),
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      command('Command Palette…', 'palette', 'CmdOrCtrl+K'),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
      ...(app.isPackaged ? [] : [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
    ],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [command('Keyboard Help', 'help', 'F1'), command(`About ${app.name}`, 'about')],
  }
  const appMenu: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  const menu = [...appMenu, file, { role: 'editMenu' as const }, build, view, help]
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
}
