// A cluster in a process of its own, so that only the client is measured.
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Starts a program that prints a kubeconfig and serves until SIGTERM. undefined when it says on stderr why it cannot (exit 69). */
export async function serve(argv) {
  const server = spawn(process.execPath, argv, {stdio: ['ignore', 'pipe', 'inherit']})
  process.once('exit', () => server.kill())
  const ended = new Promise((resolve, reject) =>
    server.once('error', reject).once('exit', code => (code === 69 ? resolve() : reject(new Error(`${argv.join(' ')}: exit ${code}`)))),
  )
  const text = await Promise.race([kubeconfigFrom(server.stdout), ended])
  if (text === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-bench-'))
  process.once('exit', () => rmSync(folder, {recursive: true, force: true}))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, text, {mode: 0o600})
  const close = () => new Promise(resolve => server.once('exit', resolve).kill())
  ended.catch(() => {})
  return {kubeconfig, close}
}

/** JSON on one line, or YAML up to its users. */
const kubeconfigFrom = stream =>
  new Promise(resolve => {
    let text = ''
    stream.on('data', chunk => {
      text += chunk
      if (text.includes('users') && text.endsWith('\n')) resolve(text)
    })
  })
