import type { ReactNode } from 'react'

/** Some of what is known of a build, below its heading. */
export function Facts({
  title,
  tool,
  children,
}: {
  title: string
  /** What can be done with all of it. */
  tool?: ReactNode
  children: ReactNode
}) {
  return (
    <section>
      <header>
        <h3>{title}</h3>
        {tool}
      </header>
      {children}
    </section>
  )
}
