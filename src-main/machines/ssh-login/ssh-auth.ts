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

/**
 * Logs in as `ssh` does, by default: keys one by one, then the server's own questions, then a
 * password. A passphrase is asked for only when the server said that it would take that key.
 */
export class Login {
  readonly #host: SshHost
  readonly #identities: readonly Identity[]
  readonly #ask: AskInteractive
  readonly #tried: string[] = []
  readonly #attempts: AsyncGenerator<AnyAuthMethod, undefined>
  #allowed: readonly AuthenticationType[] | null = null
  #signedByLast = false
  #partly = false
  #gaveUp = false

  constructor(host: SshHost, identities: readonly Identity[], ask: AskInteractive) {
    this.#host = host
    this.#identities = identities
    this.#ask = ask
    this.#attempts = this.#methods()
  }

  /** For ssh2's `authHandler`. */
  readonly handler: AuthHandlerMiddleware = (left, _partial, next) => {
    // Null before the first answer, whatever its type says; stale after a key.
    if (left !== null) this.#allowed = left
    const give = next as (method: AnyAuthMethod | false) => void
    this.#attempts.next().then(
      ({ value }) => give(value ?? false),
      () => give(false),
    )
  }

  /** What was tried, for the message when nothing helped. */
  tried(): readonly string[] {
    return this.#tried
  }

  async *#methods(): AsyncGenerator<AnyAuthMethod, undefined> {
    yield { type: 'none', username: this.#host.user }
    for (const method of this.#host.methods) if (this.#may(method)) yield* this.#by(method)
    return
  }

  #by(method: LoginMethod): AsyncGenerator<AnyAuthMethod> {
    switch (method) {
      case 'publickey':
        return this.#withKeys()
      case 'keyboard-interactive':
        return this.#withAnswers()
      case 'password':
        return this.#withPassword()
    }
  }

  async *#withKeys(): AsyncGenerator<AnyAuthMethod> {
    for (const identity of this.#identities) {
      const { name } = identity
      const at = this.#tried.push(name) - 1
      const agent = new OneKey(identity, {
        signed: () => (this.#signedByLast = true),
        failed: (why) => (this.#tried[at] = `${name} (${withoutName(why, name)})`),
      })
      yield { type: 'agent', username: this.#host.user, agent }
      // Signed with a key that the server had agreed to, and still not in: it wants more than a key.
      this.#partly ||= this.#signedByLast
      if (this.#partly) return
    }
  }

  async *#withAnswers(): AsyncGenerator<AnyAuthMethod> {
    this.#tried.push('keyboard-interactive')
    for (let count = 0; count < this.#host.passwordPrompts && !this.#gaveUp; count++) {
      if (!this.#may('keyboard-interactive')) return
      yield {
        type: 'keyboard-interactive',
        username: this.#host.user,
        prompt: (...args) => void this.#prompted(...args),
      }
    }
  }

  async *#withPassword(): AsyncGenerator<AnyAuthMethod> {
    for (let count = 0; count < this.#host.passwordPrompts && this.#may('password'); count++) {
      const password = await this.#askPassword()
      if (password === null) return
      if (count === 0) this.#tried.push('password')
      yield { type: 'password', username: this.#host.user, password }
    }
  }

  /** ssh2 does not say what is left after a key, so after partial success anything may be. */
  #may(method: LoginMethod): boolean {
    return this.#partly || this.#allowed === null || this.#allowed.includes(method)
  }

  async #prompted(
    title: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: KeyboardInteractiveCallback,
  ) {
    if (prompts.length > mostPrompts) {
      this.#gaveUp = true
      finish([])
      return
    }
    // Headed as ssh does: no server's question can pass for one of ours, or for another machine's.
    const head = `(${this.#host.user}@${this.#host.hostName})`
    const headed = (text: string) => (plain(text) === '' ? '' : `${head} ${plain(text)}`)
    const shown = prompts.map(({ prompt, echo }) => ({
      text: `${head} ${plain(prompt)}`,
      echo: echo ?? false,
    }))
    const answers = await this.#ask({
      title: headed(title),
      instructions: headed(instructions),
      prompts: shown,
    }).catch(() => null)
    this.#gaveUp ||= answers === null
    finish([...(answers ?? shown.map(() => ''))])
  }

  async #askPassword(): Promise<string | null> {
    const text = `${this.#host.user}@${this.#host.hostName}'s password: `
    const prompts = [{ text, echo: false }]
    const answers = await this.#ask({ title: '', instructions: '', prompts })
    return answers?.[0] ?? null
  }
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
