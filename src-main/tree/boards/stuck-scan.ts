/**
 * When a scan is given up. Not after a time, since a busy computer or a slow disk may take any, and
 * laptops sleep: only when nothing has happened in it for many looks in a row.
 */

export const mostIdleLooks = 24

/** @returns to be asked at each look, with the number of files that the scan has looked at so far */
export function createStuckScanCheck(): (progress: number) => boolean {
  let last = -1
  let idleLooks = 0
  return (progress) => {
    idleLooks = progress === last ? idleLooks + 1 : 0
    last = progress
    return idleLooks >= mostIdleLooks
  }
}
