import { useEffect, useState } from 'react'
import { type CanvasTheme, readCanvasTheme } from './canvas-theme.ts'

/** The canvas's colours, read again when the theme changes. */
export function useCanvasTheme(): CanvasTheme {
  const [theme, setTheme] = useState(() => readCanvasTheme(document.body))
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const read = () => setTheme(readCanvasTheme(document.body))
    dark.addEventListener('change', read)
    return () => dark.removeEventListener('change', read)
  }, [])
  return theme
}

/** Device pixels to a CSS pixel, also when the window moves to another screen or is zoomed. */
export function useDevicePixels(): number {
  const [unit, setUnit] = useState(window.devicePixelRatio)
  useEffect(() => {
    const query = matchMedia(`(resolution: ${unit}dppx)`)
    const change = () => setUnit(window.devicePixelRatio)
    query.addEventListener('change', change)
    return () => query.removeEventListener('change', change)
  }, [unit])
  return unit
}
