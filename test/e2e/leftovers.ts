import {execFileSync} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isAlive} from './alone.ts'

/** Folders of ours begin so, and the pid of the process that made them follows: `cde2e-4711-x7Qw2a`. */
const prefix = 'cde2e-'

/** A folder whose name says whose it is. What processes left that were killed before they could clean up goes first. */
export function ownFolder(): string {
  for (const name of readdirSync(tmpdir()).filter(isOrphan)) removeFolder(join(tmpdir(), name))
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
}

function isOrphan(name: string): boolean {
  const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
  return pid !== undefined && !isAlive(Number(pid))
}

/** Notes that a process belongs to the folder: its command line names it. */
export const noteProcess = (folder: string, pid: number): void => writeFileSync(join(folder, `${pid}.pid`), '')

/** Ends what was noted and still runs from this folder, and removes it. */
export function removeFolder(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = Number(/^(\d+)\.pid$/.exec(name)?.[1])
    if (pid > 0 && commandOf(pid).includes(folder)) end(pid)
  }
  rmSync(folder, {recursive: true, force: true, maxRetries: 5})
}

/** A pid may have become another process's meanwhile. */
function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {encoding: 'utf8'})
  } catch {
    return ''
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}
