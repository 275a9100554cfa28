import {execFile} from 'node:child_process'
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {ExecOutput} from '../../src/engine/collector.ts'
import type {LabNode} from './plan.ts'

/** Debian packs BIRD's client with readline only (birdc); with a command on its line it prints what birdcl prints. */
export function writeClients(lab: string): void {
  mkdirSync(join(lab, 'bin'))
  for (const [client, debian] of [
    ['birdcl', 'birdc'],
    ['birdcl6', 'birdc6'],
  ] as const) {
    const file = join(lab, 'bin', client)
    writeFileSync(file, `#!/bin/sh\nexec /usr/sbin/${debian} "$@"\n`)
    chmodSync(file, 0o755)
  }
}

/** A mount namespace of its own shows the node's directory as /var/run/calico; the machine's own /run is not touched. */
export function execInside({namespace, directory}: LabNode, lab: string, argv: readonly string[]): Promise<ExecOutput> {
  const enter = 'mount -t tmpfs tmpfs /run && ln -s "$1" /run/calico && shift && exec "$@"'
  const args = ['netns', 'exec', namespace, 'unshare', '--mount', '--propagation', 'private', 'sh', '-c', enter, 'sh', directory, ...argv]
  const env = {PATH: `${lab}/bin:/usr/sbin:/usr/bin:/sbin:/bin`}
  return new Promise(resolve => {
    execFile('ip', args, {env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024}, (error, stdout, stderr) => {
      resolve({stdout, stderr, exit: error === null ? 0 : typeof error.code === 'number' ? error.code : undefined})
    })
  })
}
