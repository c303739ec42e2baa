const escapes = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,1000}(?:\x07|\x1b\\)|[@-Z\\^_])/g

/**
 * A log as a person reads it: without the colours and titles meant for a terminal, and with only the
 * last of what was written over itself by carriage returns. Lines stay the same in number.
 */
export function plainText(log: string): string {
  const bare = log.includes('\x1b') ? log.replace(escapes, '') : log
  return bare.includes('\r') ? bare.split('\n').map(lastWritten).join('\n') : bare
}

function lastWritten(line: string): string {
  let end = line.length
  while (line[end - 1] === '\r') end -= 1
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end)
}
