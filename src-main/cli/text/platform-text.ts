/** What does not work on this kind of system, in a line; empty where all does. README.md says the same. */
export function platformText(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'linux':
      return ''
    case 'darwin':
      return 'on macOS only machines reached by SSH are meant to build: this computer does it untested, and what a killed build leaves running is not found (--dist --no-local leaves it out)'
    case 'win32':
      return 'on Windows this computer can build nothing, machines reached by SSH can (--dist --no-local); none of it is tested'
    default:
      return `on ${platform} nothing is tested: Slipway is made for Linux`
  }
}
