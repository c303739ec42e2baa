import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import { commands } from '../../../src-preload/commands.ts'
import type { MenuCommand } from '../../../src-preload/contract.ts'
import { acceleratorOf } from '../../../src-preload/key-bindings.ts'

/** @param choose told of each entry that the window, not Electron, acts on */
export function setMenu(choose: (command: MenuCommand) => void): void {
  const command = (name: MenuCommand) => {
    const accelerator = acceleratorOf(name)
    return {
      // The system's menus have no space there.
      label: commands[name].title.replace(' …', '…'),
      click: () => choose(name),
      ...(accelerator !== undefined && { accelerator }),
    }
  }
  const separator: MenuItemConstructorOptions = { type: 'separator' }

  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      command('open-tree'),
      command('open-run'),
      command('show-history'),
      command('save-report'),
      command('save-run'),
      separator,
      command('settings'),
      separator,
      { role: 'quit' },
    ],
  }
  const build: MenuItemConstructorOptions = {
    label: '&Build',
    submenu: [
      command('build'),
      command('stop'),
      separator,
      command('new-terminal'),
      command('kill-workers'),
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      command('palette'),
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
    submenu: [command('help'), command('report-problem'), command('about')],
  }
  const appMenu: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  const menu = [...appMenu, file, { role: 'editMenu' as const }, build, view, help]
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
}
