import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Ours begin so, and the pid of the process that made them follows: `cdlab-4711-0-node1`. */
const prefix = 'cdlab-'
let labs = 0
/** A name for one lab that no other lab, of this process or another, has. */
export const labName = () => `${prefix}${process.pid}-${labs++}`

/** Why no lab can be had on this machine, in one line; undefined when it can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux') return `network namespaces are Linux's, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const missing = ['/usr/sbin/bird', '/usr/sbin/bird6', '/usr/sbin/birdc'].filter(file => !existsSync(file))
  if (missing.length > 0) return `${missing.join(', ')} not there: apt-get install bird`
  const probe = `${labName()}-try`
  const {status, stderr, error} = spawnSync('ip', ['netns', 'add', probe], {encoding: 'utf8'})
  if (status !== 0) return `ip netns add: ${error?.message ?? stderr.trim()}`
  removeNamespaces(probe)
  return undefined
}

/** `ip`, with several commands in one process. */
export function ip(namespace: string | undefined, commands: readonly string[]): void {
  const args = [...(namespace === undefined ? [] : ['-n', namespace]), '-batch', '-']
  const {status, stderr, error} = spawnSync('ip', args, {input: `${commands.join('\n')}\n`, encoding: 'utf8'})
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr.trim()}`)
}

/** Whether this kernel has a kind of link. */
export function hasLink(namespace: string, kind: string, ...options: readonly string[]): boolean {
  const added = spawnSync('ip', ['-n', namespace, 'link', 'add', 'try0', 'type', kind, ...options]).status === 0
  if (added) ip(namespace, ['link del try0'])
  return added
}

/** Removes the namespaces of one lab, whose daemons were ended before; the kernel takes veths and tunnels along. */
export function removeNamespaces(lab: string): void {
  const names = namespaces().filter(name => name === lab || name.startsWith(`${lab}-`))
  if (names.length > 0) spawnSync('ip', ['-force', '-batch', '-'], {input: names.map(name => `netns del ${name}\n`).join('')})
}

/** What earlier runs left that were killed before they could clean up. */
export function removeLeftovers(): void {
  for (const name of namespaces().filter(isOrphan)) {
    for (const pid of pidsIn(name)) end(pid)
    removeNamespaces(name)
  }
  for (const name of readdirSync(tmpdir()).filter(isOrphan)) rmSync(join(tmpdir(), name), {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
}

function isOrphan(name: string): boolean {
  const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
  return pid !== undefined && !existsSync(`/proc/${pid}`)
}

const namespaces = () =>
  execFileSync('ip', ['netns', 'list'], {encoding: 'utf8'})
    .split('\n')
    .map(line => line.split(' ', 1)[0]!)
    .filter(name => name.startsWith(prefix))
const pidsIn = (name: string) => spawnSync('ip', ['netns', 'pids', name], {encoding: 'utf8'}).stdout.split('\n').filter(Boolean).map(Number)

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}
