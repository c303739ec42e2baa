/** What has a place in a board's memory or storage. */
const imageFile = /(?:^|\/)(?:[^/]*\.(?:bin|img|itb|rom|efi)|u-boot(?:-[a-z]+)?|MLO|SPL)$/

/** By its name or its path below the build folder. */
export function isImageFile(path: string): boolean {
  return imageFile.test(path)
}
