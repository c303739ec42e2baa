/**
 * What Node and the page both have beyond the language. Nothing else of either may be used here:
 * this folder runs in both.
 */
declare function structuredClone<T>(value: T): T
declare const performance: { now(): number }
