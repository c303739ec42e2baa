/** The tabs of the stage, in their order. `frame/views.tsx` says what each of them shows. */
export const tabs = [
  { id: 'plan', title: 'Plan', always: true },
  { id: 'grid', title: 'Grid', always: false },
  { id: 'timeline', title: 'Timeline', always: false },
  { id: 'boards', title: 'Boards', always: false },
  { id: 'summary', title: 'Summary', always: false },
  { id: 'history', title: 'History', always: true },
  { id: 'terminals', title: 'Terminals', always: true },
  { id: 'bisect', title: 'Bisect', always: true },
] as const satisfies readonly {
  readonly id: string
  readonly title: string
  /** It has something to show without a run, too. */
  readonly always: boolean
}[]

export type TabId = (typeof tabs)[number]['id']
