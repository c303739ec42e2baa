/**
 * Who answers what only a person can answer while a machine is reached: the window, the
 * terminal, or a test. Questions about several machines may come at once. A question whose
 * `signal` is aborted has no one waiting for its answer any more.
 */
export type Asker = {
  hostKey(question: HostKeyQuestion): Promise<HostKeyAnswer>
  /** Null: none is known, go on without this key. */
  passphrase(question: PassphraseQuestion): Promise<string | null>
  /** One answer a prompt; null: give up on this way to log in. */
  interactive(question: InteractiveQuestion): Promise<readonly string[] | null>
}

/** `always` also writes it to known_hosts. */
export type HostKeyAnswer = 'once' | 'always' | 'refuse'

export type HostKeyQuestion = {
  readonly machine: string
  /** As known_hosts has it, e.g. `[10.0.0.7]:2222`. */
  readonly host: string
  /** e.g. `ssh-ed25519`. */
  readonly keyType: string
  /** e.g. `SHA256:...`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string
  readonly signal: AbortSignal
}

export type PassphraseQuestion = {
  readonly machine: string
  readonly keyFile: string
  /** From 1; above that, the last answer was wrong. */
  readonly attempt: number
  readonly signal: AbortSignal
}

export type InteractiveQuestion = {
  readonly machine: string
  /** What the server calls this; often empty. */
  readonly title: string
  readonly instructions: string
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[]
  readonly signal: AbortSignal
}

/** Trusts nobody new and knows no secret: for tests, and where no one sits in front. */
export const nobodyToAsk: Asker = {
  hostKey: async () => 'refuse',
  passphrase: async () => null,
  interactive: async () => null,
}
