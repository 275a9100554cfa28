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
  const [{enableCompileCache}, {mkdirSync}, {homedir}] = [await import('node:module'), await import('node:fs'), await import('node:os')]
  // Node makes this folder by itself, and for ever where it cannot (a home of /proc or /nonexistent): so we make it, step by step, or go without.
  try {
    let folder = process.env.XDG_CACHE_HOME || `${homedir()}/.cache`
    for (const step of ['', '/calico-doctor', '/compile']) mkdirUnlessThere((folder += step), mkdirSync)
    enableCompileCache(folder)
  } catch {}
  const {main} = await import('../dist/main.js')
  void main(process.argv.slice(2))
}

function mkdirUnlessThere(folder, mkdirSync) {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
}
