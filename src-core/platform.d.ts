/**
 * What Node and the page both have beyond the language. Nothing else of either may be used here:
 * this folder runs in both.
 */
declare function structuredClone<T>(value: T): T
declare const performance: { now(): number }
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  decode(bytes?: Uint8Array): string
}
