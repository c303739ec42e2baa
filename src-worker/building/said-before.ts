/**
 * What an incremental build leaves unsaid. make compiles only what changed, so the warnings of everything
 * else stay silent, and look as if somebody had fixed them. So the files that a build folder's last
 * messages were about are removed, to be made (and complained about) once more; and if something is
 * not said again all the same, only a build from scratch can tell whether it is gone or just hidden.
 * Pure.
 */

/** Lines to compare: without source excerpts, and without numbers, which move when a file is edited. */
export function comparableLines(stderr: string): string[] {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*\d* \|/.test(line))
    .map((line) => line.replaceAll(/\d+/g, '#'))
  return [...new Set(lines)]
}

/** Whether something was said before that is not said now. */
export function isSilentAbout(before: readonly string[], stderr: string): boolean {
  const now = new Set(comparableLines(stderr))
  return before.some((line) => !now.has(line))
}

/**
 * Files of the build folder that are made anew when they are removed, and then speak again. A guess is good
 * enough: what it misses is found by `isSilentAbout`.
 */
export function filesToRemake(stderr: string): string[] {
  const files = new Set<string>()
  const addObject = (stem: string) => {
    for (const folder of ['', 'spl/', 'tpl/']) files.add(`${folder}${stem}.o`)
  }
  for (const [, stem = ''] of stderr.matchAll(/(?:^|[ /])((?:[\w+-]+\/)*[\w+.-]+)\.[cS][:,]/gm)) {
    addObject(stem)
  }
  for (const [, file = ''] of stderr.matchAll(
    /\bwarning: ((?:[\w+.-]+\/)*[\w+.-]+\.(?:o|so))\b/gi,
  )) {
    files.add(file)
    // The steps from an EFI program's object to the program itself.
    const efi = file.replace(/_efi\.so$/, '')
    if (efi !== file) for (const end of ['.o', '.efi']) files.add(efi + end)
  }
  for (const [, file = ''] of stderr.matchAll(/((?:[\w+.-]+\/)*[\w+.-]+\.dtbo?): Warning/g)) {
    files.add(file)
  }
  return [...files].filter((file) => !file.split('/').includes('..'))
}
