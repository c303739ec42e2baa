import { accessSync, constants, statSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { ownValue } from '../../src-core/basics/own-value.ts'

/** The compiler of one architecture, as make needs it and as the result's `toolchain` says it. */
export type CrossCompiler = {
  /** The compiler, e.g. `/usr/bin/arm-linux-gnueabi-gcc`. */
  readonly gcc: string
  /** Its folder. */
  readonly path: string
  /** `CROSS_COMPILE` without folder or wrapper, e.g. `arm-linux-gnueabi-`; empty for a native one. */
  readonly cross: string
  /** As its name says, which is not always what the board calls it: `x86_64` builds boards of x86. */
  readonly arch: string
}

/**
 * Reads a compiler's path: the prefix is its name through the last `-`, the architecture what is before
 * the first one, and one without any is the machine's own (reference, section 6).
 */
export function toolchainFromPath(gcc: string): CrossCompiler {
  const name = basename(gcc)
  const arch = name.includes('-') ? name.slice(0, name.indexOf('-')) : 'sandbox'
  return { gcc, path: dirname(gcc), cross: name.slice(0, name.lastIndexOf('-') + 1), arch }
}

/** Either a toolchain that is there now, or why there is none, in words. */
export type CompilerChoice = { readonly toolchain: CrossCompiler } | { readonly problem: string }

/**
 * The toolchain for an architecture. Sandbox boards run on this machine, so its own compiler will do
 * where none was named. `override` is a program that compiles in its place; the tools beside it stay.
 * Looked at anew for every build: a compiler can vanish in the middle of a run.
 */
export function chooseToolchain(
  arch: string,
  toolchains: Readonly<Record<string, string>>,
  path: string,
  override = '',
): CompilerChoice {
  const gcc =
    ownValue(toolchains, arch) ?? (arch === 'sandbox' ? findProgram('gcc', path) : undefined)
  if (gcc === undefined) {
    return { problem: `Tool chain error for ${arch}: No tool chain found for arch '${arch}'` }
  }
  if (!isExecutable(gcc)) {
    return { problem: `Tool chain error for ${arch}: ${gcc} is not there or can't be run` }
  }
  const toolchain = toolchainFromPath(gcc)
  if (override === '') return { toolchain }
  const compiler = override.includes('/') ? override : findProgram(override, path)
  if (compiler !== undefined && isExecutable(compiler)) {
    return { toolchain: { ...toolchain, gcc: compiler } }
  }
  return { problem: `Tool chain error for ${arch}: ${override} is not there or can't be run` }
}

/** The first executable of that name in a PATH. */
export function findProgram(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => join(dir, name))
    .find(isExecutable)
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
