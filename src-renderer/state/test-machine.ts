import { testStatus } from '../../src-core/test-machine.ts'
import type { ListedMachine } from '../../src-preload/contract.ts'

export function testMachine(name: string): ListedMachine {
  return { ...testStatus(name), hue: 2 }
}
