import { useEffect, useState } from 'react'
import { type CanvasTheme, readCanvasTheme } from './canvas-theme.ts'

/** What the colours depend on beside the page. */
const themeQueries = ['(prefers-color-scheme: dark)', '(forced-colors: active)']

/** The canvas's colours, read again when the theme changes. */
export function useCanvasTheme(): CanvasTheme {
  const [theme, setTheme] = useState(() => readCanvasTheme(document.body))
  useEffect(() => {
    const queries = themeQueries.map((query) => matchMedia(query))
    const read = () => setTheme(readCanvasTheme(document.body))
    for (const query of queries) query.addEventListener('change', read)
    return () => {
      for (const query of queries) query.removeEventListener('change', read)
    }
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
