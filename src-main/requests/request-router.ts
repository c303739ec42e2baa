import type { z } from 'zod'
import type { Envelope } from '../../src-preload/bridge.ts'
import { type Args, type Reply, type RequestName, requests } from '../../src-preload/contract.ts'
import { messageOf } from '../error-text.ts'

/** The answers to requests; without a type argument, to every request of the contract. */
export type Handlers<N extends RequestName = RequestName> = {
  readonly [K in N]: (args: Args<K>) => Reply<K> | Promise<Reply<K>>
}

/** Takes what came over the wire, in whatever shape, to its handler. */
export type Router = (name: unknown, args: unknown) => Promise<Envelope>

/**
 * @param onSurprise told of every error that a handler threw: such a one is a mistake in the
 *   program, since expected failures are tagged results
 */
export function createRouter<N extends RequestName>(
  handlers: Handlers<N>,
  onSurprise: (name: string, error: unknown) => void,
): Router {
  const answers = new Map<string, (args: never) => unknown>(
    Object.entries<(args: never) => unknown>(handlers),
  )
  return async (name, args) => {
    const answer = typeof name === 'string' ? answers.get(name) : undefined
    if (answer === undefined || !isRequestName(name)) return refusal(`no request ${quote(name)}`)
    const parsed = requests[name].args.safeParse(args)
    if (!parsed.success) return refusal(`${name}: ${describeIssues(parsed.error)}`)
    try {
      // The schema that parsed the arguments is the one that the handler's type comes from.
      return { ok: true, reply: await answer(parsed.data as never) }
    } catch (error) {
      onSurprise(name, error)
      return refusal(`${name} failed: ${messageOf(error)}`)
    }
  }
}

/** Names each field that is wrong and how, e.g. `machine.host: expected string`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.map(String).join('.') || 'arguments'}: ${issue.message}`)
    .join('; ')
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name)
}

function refusal(error: string): Envelope {
  return { ok: false, error }
}

function quote(name: unknown): string {
  return typeof name === 'string' ? `"${name.slice(0, 80)}"` : `of type ${typeof name}`
}
