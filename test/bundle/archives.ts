import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {packTar, type TarEntry} from 'modern-tar'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

export const snapshot: Snapshot = {
  schema: 1,
  takenAt: '2026-11-21T05:00:00.000Z',
  durationMs: 1200,
  source: {kind: 'live', context: 'prod', server: 'https://10.0.0.1:6443'},
  settings: {exec: 'pod', checks: [], nodes: []},
  nodesWanted: {known: true, value: ['a', '../b', 'c']},
  evidence: {
    'node/mtu-file': [
      {
        at: '2026-11-21T05:00:01.000Z',
        ms: 5,
        node: 'a',
        data: {known: true, value: {argv: ['cat', '/var/lib/calico/mtu'], exit: 0, stdout: '1440\n', stderr: ''}},
      },
      {
        at: '2026-11-21T05:00:01.000Z',
        ms: 6,
        node: '../b',
        data: {known: true, value: {argv: ['cat', '/var/lib/calico/mtu'], exit: 1, stdout: '', stderr: 'password=s3cret\n'}},
      },
      {at: '2026-11-21T05:00:01.000Z', ms: 15_000, node: 'c', data: {known: false, why: 'timeout', detail: 'no complete answer in 15 s'}},
    ],
    'ip-pools': [{at: '2026-11-21T05:00:00.000Z', ms: 20, data: {known: false, why: 'forbidden', detail: 'may not list ippools'}}],
  },
}

export const file = (name: string, body: string | Uint8Array = ''): TarEntry => {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return {header: {name, size: bytes.length}, body: bytes}
}
export const snapshotEntry = (value: unknown = snapshot): TarEntry => file('snapshot.json', JSON.stringify(value))

/** A file of these bytes, gone after the test. */
export function written(bytes: Uint8Array, name = 'bundle.tar.gz'): string {
  const path = join(tempFolder(), name)
  writeFileSync(path, bytes)
  return path
}
export const archive = async (...entries: TarEntry[]): Promise<string> => written(gzipSync(await packTar(entries)))
