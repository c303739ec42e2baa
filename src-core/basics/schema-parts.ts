import { z } from 'zod'

/** A schema for each key of a type, those that may be absent too: one that is forgotten does not compile. */
export type ShapeOf<T> = { readonly [K in keyof Required<T>]: z.ZodType }

/** The last millisecond since 1970 that a `Date` can tell. */
export const latestTime = 8.64e15

const bytes = z.number().min(0).max(1e15)

/** Sizes of the parts of one image. */
export const imageSize = z.object({
  image: z.string().max(4096),
  text: bytes,
  data: bytes,
  bss: bytes,
  rodata: bytes,
})
