import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, onTestFinished} from 'vitest'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
  readonly ms: number
}

/** Runs the built program as a user does: a process of its own, with pipes, and no kubeconfig but the one that is given. */
export function runCli(argv: readonly string[], env: NodeJS.ProcessEnv = {}, onStart?: (pid: number) => void): Promise<Ran> {
  const started = performance.now()
  const child = spawn(process.execPath, [bin, ...argv], {
    env: {PATH: process.env.PATH, HOME: emptyHome(), LANG: 'C.UTF-8', ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', chunk => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', chunk => (stderr += chunk))
  if (child.pid !== undefined) onStart?.(child.pid)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({stdout, stderr, code, ms: performance.now() - started}))
  })
}

/** A file that goes with the test. */
export function tempFile(name: string, content: string): string {
  const path = join(tempFolder(), name)
  writeFileSync(path, content)
  return path
}

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-test-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100}))
  return folder
}

let home: string | undefined
const emptyHome = () => (home ??= mkdtempSync(join(tmpdir(), 'calico-doctor-home-')))
afterAll(() => {
  if (home !== undefined) rmSync(home, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
})
