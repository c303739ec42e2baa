/** The same said of several machines: `python 3.11.2 there, 3.11.7 on local`. */
export type NoteGroup = { readonly text: string; readonly machines: readonly string[] }

/** Notes of a plan, each text once; those that begin with the name of a machine are about that one. Pure. */
export function groupNotes(
  notes: readonly string[],
  machines: readonly string[],
): readonly NoteGroup[] {
  const groups = new Map<string, string[]>()
  for (const note of notes) {
    const machine = machines.find((name) => note.startsWith(`${name}: `))
    const text = machine === undefined ? note : note.slice(machine.length + 2)
    const group = groups.get(text) ?? []
    if (machine !== undefined) group.push(machine)
    groups.set(text, group)
  }
  return [...groups].map(([text, its]) => ({ text, machines: its }))
}

/**
 * Machines that say the same of themselves, once: `connect to host h1 port 22: Connection refused` of h1 and
 * the same with h2 or an address of h2 are one thing, in which `…` stands for either. Pure.
 */
export function groupReasons(
  machines: readonly { readonly name: string; readonly reason: string }[],
): readonly NoteGroup[] {
  const groups = new Map<string, { text: string; machines: string[] }>()
  for (const { name, reason } of machines) {
    const kind = withoutName(reason, name)
    const group = groups.get(kind)
    if (group) groups.set(kind, { text: kind, machines: [...group.machines, name] })
    else groups.set(kind, { text: reason, machines: [name] })
  }
  return [...groups.values()]
}

function withoutName(reason: string, name: string): string {
  const literally = name.replaceAll(/[^\w]/g, '\\$&')
  const named = reason.replaceAll(new RegExp(`(?<![\\w-])${literally}(?![\\w-])`, 'g'), '…')
  return named.replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '…')
}
