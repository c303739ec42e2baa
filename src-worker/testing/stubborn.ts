import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A recipe whose children are stubborn: they ignore signals, leave their group, close their streams. */
export const stubborn = `
trap "" TERM HUP INT
sh -c 'trap "" TERM HUP INT; while :; do sleep 1; done' &
setsid sh -c 'trap "" TERM; sleep 600' >/dev/null 2>&1 </dev/null &
setsid setsid sleep 600 >/dev/null 2>&1 &
touch $OUT/started
wait`

/** Two boards of that kind run in this work folder. */
export function bothRun(workDir: string): boolean {
  return ['00', '01'].every((nn) => existsSync(join(workDir, `tree/build-${nn}/started`)))
}

/** For what no event tells of: other processes' ends. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still not so: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
