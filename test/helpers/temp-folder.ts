import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100}))
  return folder
}

/** An executable shell script in a folder of its own. Returns its path. */
export function tempScript(name: string, body: string, folder: string = tempFolder()): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}
