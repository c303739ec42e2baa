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
