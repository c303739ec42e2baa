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
import type { InteractiveQuestion } from './asker.ts'
import type { SshHost } from './ssh-config.ts'
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

/** As sshd's NumberOfPasswordPrompts. */
const passwordPrompts = 3

/**
 * Logs in as `ssh` does: keys one by one, then the server's own questions, then a password. A
 * passphrase is asked for only when the server said that it would take that key.
 */
export function login(host: SshHost, identities: readonly Identity[], ask: AskInteractive): Login {
  const tried: string[] = []
  const attempts = methods()
  let allowed: readonly AuthenticationType[] | null = null
  let signedByLast = false
  let partly = false

  async function* methods(): AsyncGenerator<AnyAuthMethod, undefined> {
    const username = host.user
    yield { type: 'none', username }
    for (const identity of may('publickey', host.methods.publicKey) ? identities : []) {
      tried.push(identity.name)
      yield { type: 'agent', username, agent: new OneKey(identity, () => (signedByLast = true)) }
      // Signed with a key that the server had agreed to, and still not in: it wants more than a key.
      partly ||= signedByLast
      if (partly) break
    }
    if (may('keyboard-interactive', host.methods.interactive)) {
      tried.push('keyboard-interactive')
      yield { type: 'keyboard-interactive', username, prompt: (...args) => void prompted(...args) }
    }
    for (
      let count = 0;
      count < passwordPrompts && may('password', host.methods.password);
      count++
    ) {
      const password = await askPassword()
      if (password === null) return
      if (count === 0) tried.push('password')
      yield { type: 'password', username, password }
    }
    return
  }

  /** ssh2 does not say what is left after a key, so after partial success anything may be. */
  function may(method: AuthenticationType, configured: boolean): boolean {
    return configured && (partly || allowed === null || allowed.includes(method))
  }

  async function prompted(
    title: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: KeyboardInteractiveCallback,
  ) {
    const shown = prompts.map(({ prompt, echo }) => ({ text: prompt, echo: echo ?? false }))
    const answers = await ask({ title, instructions, prompts: shown }).catch(() => null)
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

/** ssh2 signs asynchronously only for agents, so each key is an agent with one key. */
class OneKey extends BaseAgent<Buffer> {
  readonly #identity: Identity
  readonly #signed: () => void

  constructor(identity: Identity, signed: () => void) {
    super()
    this.#identity = identity
    this.#signed = signed
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
        this.#signed()
        callback?.(null, signature)
      },
      (error: Error) => callback?.(error),
    )
  }
}
