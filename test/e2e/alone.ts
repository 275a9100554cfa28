import {link, mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {dirname} from 'node:path'

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Makes something that several processes may want at once: one makes it, the others wait for it. What a killed maker left in the way is swept away. */
export async function alone(path: string, isThere: () => Promise<boolean>, make: () => Promise<void>): Promise<void> {
  await mkdir(dirname(path), {recursive: true})
  const lock = `${path}.lock`
  while (!(await isThere())) {
    if (!(await take(lock))) {
      await pause(500)
      continue
    }
    try {
      if (!(await isThere())) await make()
    } finally {
      await rm(lock, {force: true})
    }
  }
}

/** A lock that exists says whose it is: it is written first and linked then. */
async function take(lock: string): Promise<boolean> {
  const own = `${lock}.${process.pid}`
  try {
    await writeFile(own, String(process.pid))
    await link(own, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (owner > 0 && !isAlive(owner)) await rm(lock, {force: true})
    return false
  } finally {
    await rm(own, {force: true})
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
