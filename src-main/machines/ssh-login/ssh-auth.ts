import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type AuthHandlerMiddleware,
  type IdentityCallback,
  type KeyboardInteractiveCallback,
  type Prompt,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { withoutName } from '../../error-text.ts'
import type { LoginMethod, SshHost } from '../ssh/ssh-host.ts'
import type { InteractiveQuestion } from './asker.ts'
import type { Identity } from './ssh-keys.ts'

const { BaseAgent } = ssh2

/** Answers to the prompts, in order; null gives up. */
export type AskInteractive = (
  question: Pick<InteractiveQuestion, 'title' | 'instructions' | 'prompts'>,
) => Promise<readonly string[] | null>

export type Login = {
  /** For ssh2's `authHandler`. */
  readonly handler: AuthHandlerMiddleware
  /** What was tried, for the message when nothing helped. */
  tried(): readonly string[]
}

/**
 * Logs in as `ssh` does, by default: keys one by one, then the server's own questions, then a
 * password. A passphrase is asked for only when the server said that it would take that key.
 */
export function login(host: SshHost, identities: readonly Identity[], ask: AskInteractive): Login {
  const tried: string[] = []
  const ways = { publickey: withKeys, 'keyboard-interactive': withAnswers, password: withPassword }
  const attempts = methods()
  let allowed: readonly AuthenticationType[] | null = null
  let signedByLast = false
  let partly = false
  let gaveUp = false

  async function* methods(): AsyncGenerator<AnyAuthMethod, undefined> {
    yield { type: 'none', username: host.user }
    for (const method of host.methods) if (may(method)) yield* ways[method]()
    return
  }

  async function* withKeys(): AsyncGenerator<AnyAuthMethod> {
    for (const identity of identities) {
      const { name } = identity
      const at = tried.push(name) - 1
      const agent = new OneKey(identity, {
        signed: () => (signedByLast = true),
        failed: (why) => (tried[at] = `${name} (${withoutName(why, name)})`),
      })
      yield { type: 'agent', username: host.user, agent }
      // Signed with a key that the server had agreed to, and still not in: it wants more than a key.
      partly ||= signedByLast
      if (partly) return
    }
  }

  async function* withAnswers(): AsyncGenerator<AnyAuthMethod> {
    tried.push('keyboard-interactive')
    for (let count = 0; count < host.passwordPrompts && !gaveUp; count++) {
      if (!may('keyboard-interactive')) return
      yield {
        type: 'keyboard-interactive',
        username: host.user,
        prompt: (...args) => void prompted(...args),
      }
    }
  }

  async function* withPassword(): AsyncGenerator<AnyAuthMethod> {
    for (let count = 0; count < host.passwordPrompts && may('password'); count++) {
      const password = await askPassword()
      if (password === null) return
      if (count === 0) tried.push('password')
      yield { type: 'password', username: host.user, password }
    }
  }

  /** ssh2 does not say what is left after a key, so after partial success anything may be. */
  function may(method: LoginMethod): boolean {
    return partly || allowed === null || allowed.includes(method)
  }

  async function prompted(
    title: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: KeyboardInteractiveCallback,
  ) {
    if (prompts.length > mostPrompts) {
      gaveUp = true
      finish([])
      return
    }
    // Headed as ssh does: no server's question can pass for one of ours, or for another machine's.
    const head = `(${host.user}@${host.hostName})`
    const headed = (text: string) => (plain(text) === '' ? '' : `${head} ${plain(text)}`)
    const shown = prompts.map(({ prompt, echo }) => ({
      text: `${head} ${plain(prompt)}`,
      echo: echo ?? false,
    }))
    const answers = await ask({
      title: headed(title),
      instructions: headed(instructions),
      prompts: shown,
    }).catch(() => null)
    gaveUp ||= answers === null
    finish([...(answers ?? shown.map(() => ''))])
  }

  async function askPassword(): Promise<string | null> {
    const text = `${host.user}@${host.hostName}'s password: `
    const answers = await ask({ title: '', instructions: '', prompts: [{ text, echo: false }] })
    return answers?.[0] ?? null
  }

  const handler: AuthHandlerMiddleware = (left, _partial, next) => {
    // Null before the first answer, whatever its type says; stale after a key.
    if (left !== null) allowed = left
    const give = next as (method: AnyAuthMethod | false) => void
    attempts.next().then(
      ({ value }) => give(value ?? false),
      () => give(false),
    )
  }
  return { handler, tried: () => tried }
}

/** Questions that a server may ask at once: nobody is to answer thousands. */
const mostPrompts = 20

/** What a server wrote, as one line of bounded length without control or formatting characters. */
function plain(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trimStart()
    .slice(0, 500)
}

type KeyEvents = { signed(): void; failed(why: string): void }

/** ssh2 signs asynchronously only for agents, so each key is an agent with one key. */
class OneKey extends BaseAgent<Buffer> {
  readonly #identity: Identity
  readonly #events: KeyEvents

  constructor(identity: Identity, events: KeyEvents) {
    super()
    this.#identity = identity
    this.#events = events
  }

  override getIdentities(done: IdentityCallback<Buffer>): void {
    done(null, [this.#identity.publicKey])
  }

  override sign(
    _key: Buffer,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    const hash = typeof options === 'function' ? undefined : options.hash
    const callback = typeof options === 'function' ? options : done
    this.#identity.sign(data, hash).then(
      (signature) => {
        this.#events.signed()
        callback?.(null, signature)
      },
      (error: Error) => {
        this.#events.failed(error.message)
        callback?.(error)
      },
    )
  }
}
