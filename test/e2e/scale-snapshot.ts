import {execFile} from 'node:child_process'
import {createHash} from 'node:crypto'
import {access, mkdir, readdir, readFile, rename, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {promisify} from 'node:util'
import type {ClusterState} from '../../src/demo/cluster-state.ts'
import {alone, isAlive} from './alone.ts'
import {apiFor} from './api.ts'
import type {Assets} from './assets.ts'
import {calicoCrds, installCrds} from './calico-crds.ts'
import {type ControlPlane, startControlPlane} from './control-plane.ts'
import type {KubeletPlace} from './kubelet.ts'
import {seed} from './seed.ts'

export interface SnapshotOptions {
  readonly assets: Assets
  /** Kept below it. */
  readonly cache: string
  /** A cluster whose Calico keeps its resources in CRDs of v1. */
  readonly state: ClusterState
  readonly kubelets: ReadonlyMap<string, KubeletPlace>
}
/** What has to be served before anything can be asked. */
export const crds = calicoCrds({mode: 'crd-v1'})

/** etcd's data after a real API server was given all objects of a cluster: made once, in minutes, and then kept by what went into it. */
export async function etcdSnapshot(options: SnapshotOptions): Promise<string> {
  const folder = join(options.cache, `${sizeOf(options.state)}-${(await keyOf(options)).slice(0, 32)}`)
  const isThere = () =>
    access(folder).then(
      () => true,
      () => false,
    )
  await alone(folder, isThere, () => make(folder, options))
  return folder
}

const sizeOf = ({objects: {nodes = [], pods = []}}: ClusterState) => `seed-${nodes.length}-${pods.length}`

/** The programs, how objects get in, and every object. */
async function keyOf({assets, state, kubelets}: SnapshotOptions): Promise<string> {
  const hash = createHash('sha256')
  for (const program of Object.values(assets)) hash.update((await promisify(execFile)(program, ['--version'])).stdout)
  for (const file of ['seed.ts', 'scale-snapshot.ts']) hash.update(await readFile(join(import.meta.dirname, file)))
  hash.update(JSON.stringify([crds, [...kubelets]]))
  for (const [resource, objects] of Object.entries(state.objects)) {
    hash.update(resource)
    for (const object of objects) hash.update(JSON.stringify(object))
  }
  return hash.digest('hex')
}

/** Under a name of its own first, so that a folder with the right name is whole. One of each size is kept. */
async function make(folder: string, {assets, state, kubelets}: SnapshotOptions): Promise<void> {
  const started = performance.now()
  process.stderr.write(`e2e: filling a real API server, ${sizeOf(state)}: minutes the first time, then kept in ${folder}\n`)
  await sweep(folder)
  const unfinished = `${folder}.${process.pid}`
  // The log would be as long as the objects.
  const plane = await startControlPlane({assets, flags: ['--audit-log-mode=batch', '--audit-log-maxsize=10', '--audit-log-maxbackup=1']})
  try {
    await installCrds(plane.admin, crds)
    await seed(plane.admin, state, {kubelets})
    await compact(plane)
    await mkdir(dirname(folder), {recursive: true})
    await plane.etcd.keep(unfinished)
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, {recursive: true, force: true})
    await plane.close()
  }
  process.stderr.write(`e2e: filled in ${Math.round((performance.now() - started) / 1000)} s\n`)
}

/** Older ones of this size, and what killed makers left. */
async function sweep(folder: string): Promise<void> {
  const size = basename(folder).replace(/[^-]*$/, '')
  for (const name of await readdir(dirname(folder))) {
    const [, itsSize, maker] = /^(.*?)[0-9a-f]{32}(?:\.(\d+))?$/.exec(name) ?? []
    if (itsSize === size && !(maker && isAlive(Number(maker)))) await rm(join(dirname(folder), name), {recursive: true, force: true})
  }
}

/** Every pod was written twice; only what is there now is kept. */
async function compact({etcd: {endpoints, ca, client}}: ControlPlane): Promise<void> {
  const etcd = apiFor({url: endpoints[0]!, ca, client})
  const {header} = await etcd.must('POST', '/v3/kv/range', {body: {key: 'AA==', limit: 1}})
  await etcd.must('POST', '/v3/kv/compaction', {body: {revision: header.revision, physical: true}})
  await etcd.must('POST', '/v3/maintenance/defragment', {body: {}})
  etcd.close()
}
