import type { Envelope } from '../../src-preload/bridge.ts'
import type { Events, RequestName } from '../../src-preload/contract.ts'
import { createBossClient } from '../boss-client.ts'

/** What a test's boss says to a request; a promise lets the test choose the moment. */
export type Answers = Partial<Record<RequestName, (args: never) => unknown>>

/** The other end of the bridge, for tests: answers what it is told to and writes down what was asked. */
export function testBoss(answers: Answers) {
  let listener: (name: string, payload: unknown) => void = () => {}
  const asked: { readonly name: string; readonly args: unknown }[] = []
  const boss = createBossClient({
    pathOf: () => '',
    subscribe(hear) {
      listener = hear
      return () => {
        listener = () => {}
      }
    },
    async invoke(name, args): Promise<Envelope> {
      asked.push({ name, args })
      const answer = answers[name as RequestName]
      if (!answer) return { ok: false, error: `${name} is not answered in this test` }
      return { ok: true, reply: await answer(args as never) }
    },
  })
  return {
    boss,
    asked,
    emit: <E extends keyof Events>(name: E, payload: Events[E]) => listener(name, payload),
  }
}
