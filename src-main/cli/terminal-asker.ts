import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { type Asker, nobodyToAsk } from '../machines/ssh-login/asker.ts'

/**
 * Asks the person at the terminal, one question after the other. Where there is no terminal nobody
 * can say yes to a new host key, so it is refused, as ssh does; `StrictHostKeyChecking accept-new` of
 * ssh_config takes it.
 */
export function terminalAsker(): Asker {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return nobodyToAsk
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (prompt: string, echo: boolean, signal: AbortSignal) => {
    const answer = turn.then(() => askOnce(prompt, echo, signal))
    turn = answer
    return answer
  }
  return {
    async hostKey({ machine, host, keyType, fingerprint, signal }) {
      const named = machine === host ? machine : `${machine} (${host})`
      const question = `${named} shows a host key that is not known: ${keyType} ${fingerprint}. Trust it from now on? (yes/no) `
      const answer = await inTurn(question, true, signal)
      return answer?.trim().toLowerCase() === 'yes' ? 'always' : 'refuse'
    },
    passphrase: ({ machine, keyFile, attempt, signal }) =>
      inTurn(
        `${attempt > 1 ? 'That was not it. ' : ''}${machine}: passphrase of ${keyFile}: `,
        false,
        signal,
      ),
    async interactive({ machine, title, instructions, prompts, signal }) {
      const words = [title, instructions].filter((part) => part !== '')
      for (const text of words) process.stderr.write(`${machine}: ${text}\n`)
      const answers: string[] = []
      for (const { text, echo } of prompts) {
        const answer = await inTurn(`${machine}: ${text}`, echo, signal)
        if (answer === null) return null
        answers.push(answer)
      }
      return answers
    },
  }
}

/** Null where nobody waits for the answer any more. */
async function askOnce(prompt: string, echo: boolean, signal: AbortSignal): Promise<string | null> {
  if (signal.aborted) return null
  const output = echo
    ? process.stderr
    : new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  // Only now, when nothing that is typed shows; and on a line of its own, since there may be another.
  process.stderr.write(`\r\x1b[K${prompt}`)
  // While a line is read the terminal makes no signal of Ctrl-C.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await new Promise<string | null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true })
      lines.once('close', () => resolve(null))
      lines.once('SIGINT', () => resolve(null))
      lines.question('', resolve)
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
