// Loaded before a script (node -r): on a Node that package.json rules out it says so and ends, where
// npm and the packages would fail with riddles. Hence syntax and modules that old Nodes know.
const { engines } = require('../package.json')

/**
 * @param {string} version such as `20.19.0`
 * @param {string} range alternatives of `^X.Y.Z` and `>=X.Y.Z`, by `||`
 * @returns {boolean}
 */
function fits(version, range) {
  return range.split('||').some((alternative) => {
    const least = alternative.trim().replace(/^(\^|>=)/, '')
    const sameMajor = version.split('.')[0] === least.split('.')[0]
    return order(version, least) >= 0 && (sameMajor || alternative.trim()[0] !== '^')
  })
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} negative where `a` is the older
 */
function order(a, b) {
  const other = b.split('.').map(Number)
  const steps = a.split('.').map((part, i) => Number(part) - (other[i] || 0))
  return steps.find((step) => step !== 0) || 0
}

module.exports = { fits }

if (!fits(process.versions.node, engines.node)) {
  console.error(
    `Slipway needs Node ${engines.node}, and ${process.execPath} is ${process.versions.node}.\n` +
      'Install one from https://nodejs.org or by a version manager, and run the command again.',
  )
  process.exit(1)
}
