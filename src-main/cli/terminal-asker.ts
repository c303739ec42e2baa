import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { type Asker, acceptingNewKeys, nobodyToAsk } from '../machines/ssh-login/asker.ts'

/**
 * Asks the person at the terminal, one question after the other. New host keys are accepted and
 * remembered, as `StrictHostKeyChecking=accept-new` does; a changed key is refused all the same.
 */
export function terminalAsker(): Asker {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return acceptingNewKeys(nobodyToAsk)
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (prompt: string, echo: boolean, signal: AbortSignal) => {
    const answer = turn.then(() => askOnce(prompt, echo, signal))
    turn = answer
    return answer
  }
  return acceptingNewKeys({
    ...nobodyToAsk,
    passphrase: ({ machine, keyFile, attempt, signal }) =>
      inTurn(
        `${attempt > 1 ? 'That was not it. ' : ''}${machine}: passphrase of ${keyFile}: `,
        false,
        signal,
      ),
    async interactive({ machine, instructions, prompts, signal }) {
      if (instructions !== '') process.stderr.write(`${machine}: ${instructions}\n`)
      const answers: string[] = []
      for (const { text, echo } of prompts) {
        const answer = await inTurn(`${machine}: ${text}`, echo, signal)
        if (answer === null) return null
        answers.push(answer)
      }
      return answers
    },
  })
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
