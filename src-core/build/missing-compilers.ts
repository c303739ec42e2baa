/** Whether servers of cross compilers have one for it: what `sandbox` needs is no cross compiler. */
export function isFetchable(arch: string): boolean {
  return arch !== 'sandbox'
}

/** What to do where a compiler is lacking that is not fetchable: "for sandbox, ...". */
export const ownCompilerAdvice = "install the system's own gcc"
