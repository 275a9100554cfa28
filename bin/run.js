#!/usr/bin/env node
// Nothing is imported before the version is known to be new enough, so that an old Node gets one sentence and no stack trace.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`calico-doctor needs Node.js 22.19 or later, and this is ${process.versions.node} (${process.execPath}).\n`)
  process.exitCode = 2
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  const {readFileSync} = await import('node:fs')
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`calico-doctor/${version} ${process.platform}-${process.arch} node-v${process.versions.node}\n`)
} else {
  process.env.NODE_ENV ??= 'production'
  const {enableCompileCache} = await import('node:module')
  const {homedir} = await import('node:os')
  enableCompileCache(`${process.env.XDG_CACHE_HOME || `${homedir()}/.cache`}/calico-doctor/compile`)
  const {main} = await import('../dist/main.js')
  void main(process.argv.slice(2))
}
