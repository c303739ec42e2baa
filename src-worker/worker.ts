/**
 * The worker: builds what its boss gives it, on the machine that has the compilers. Started as
 * `node worker.mjs --worker`, or as a utility process of Electron. docs/protocol.md.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:os'
import { createChildren } from './processes/children.ts'
import { watchForSilence } from './protocol/boss-silence.ts'
import { type Channel, type ParentPort, portChannel, stdioChannel } from './protocol/channel.ts'
import { BOSS_SILENCE_MS } from './protocol/protocol.ts'
import { Session } from './session/session.ts'

/** Every child is dead within this, or hangs in the kernel. */
const KILL_LIMIT_MS = 1500
/** A boss that takes nothing does not hold us up. */
const FLUSH_LIMIT_MS = 200

declare global {
  namespace NodeJS {
    interface Process {
      /** Of a utility process of Electron. */
      readonly parentPort?: ParentPort
    }
  }
}

function serve(channel: Channel): void {
  const uuid = randomUUID()
  const children = createChildren(uuid)
  let leaving = false

  const leave = (reason: string, code: number) => {
    if (leaving) return
    leaving = true
    process.stderr.write(`slipway worker ${process.pid}: leaving: ${reason}\n`)
    silence.close()
    children.killAllNow(KILL_LIMIT_MS)
    session.close()
    const exit = () => process.exit(code)
    setTimeout(exit, FLUSH_LIMIT_MS)
    void channel.flush().then(exit)
  }
  const silence = watchForSilence(silenceLimit(), () =>
    leave('no message from the boss for too long', 1),
  )
  const session = new Session({
    channel,
    children,
    uuid,
    env: process.env,
    onHeard: silence.heard,
    onLeave: (reason) => leave(reason, 0),
  })

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    process.on(signal, () => leave(signal, 128 + constants.signals[signal]))
  }
  process.on('uncaughtException', (error) => leave(`an error of the worker: ${error.stack}`, 70))
  channel.open(
    (line) => {
      if (!leaving) session.receive(line)
    },
    () => leave('the boss closed the line', 0),
  )
  session.hello()
}

/** Seconds in SLIPWAY_FEED_SECONDS, for tests and for lines that are slower than ours. */
function silenceLimit(): number {
  return Number(process.env.SLIPWAY_FEED_SECONDS) * 1000 || BOSS_SILENCE_MS
}

if (process.parentPort) serve(portChannel(process.parentPort))
else if (process.argv.includes('--worker')) serve(stdioChannel())
else {
  process.stderr.write('usage: node worker.mjs --worker\nSpeaks the lines of docs/protocol.md.\n')
  process.exitCode = 2
}
