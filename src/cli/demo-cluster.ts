import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {UsageError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'

export interface DemoFlags {
  readonly scenario: string
  readonly nodes: number
  readonly pods?: number | undefined
}
export interface DemoCluster {
  /** Path of a kubeconfig for it. */
  readonly kubeconfig: string
  /** Prints the kubeconfig and waits for Ctrl-C or SIGTERM. */
  serve(): Promise<void>
  close(): Promise<void>
}

/** The simulated cluster on loopback, with a kubeconfig in a folder of its own that goes when it closes. */
export async function startDemo({scenario, nodes, pods}: DemoFlags): Promise<DemoCluster> {
  const {scenarioNames, startSimulatedCluster} = await import('../demo/index.ts')
  if (!scenarioNames.includes(scenario))
    throw new UsageError(`no such scenario: ${scenario}`, `${hint(scenario, scenarioNames)}Scenarios: ${scenarioNames.join(', ')}.`)
  const cluster = await startSimulatedCluster({scenario, nodes, ...(pods !== undefined && {pods})}).catch(tooLarge)
  const folder = await mkdtemp(join(tmpdir(), 'calico-doctor-demo-'))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, cluster.kubeconfig, {mode: 0o600})
  const close = async () => {
    await cluster.close()
    await rm(folder, {recursive: true, force: true})
  }
  return {kubeconfig, close, serve: () => serve(cluster, close)}
}

/** A flavour with a pod CIDR of its own holds so many nodes and pods only. */
function tooLarge(error: unknown): never {
  throw error instanceof RangeError ? new UsageError(error.message, 'Choose fewer with --nodes or --pods, or another --scenario.') : error
}

async function serve(cluster: {url: string; kubeconfig: string}, close: () => Promise<void>): Promise<void> {
  process.stdout.write(cluster.kubeconfig)
  process.stderr.write(`The simulated cluster answers at ${cluster.url}. The kubeconfig is on standard output. Ctrl-C ends it.\n`)
  await new Promise(resolve => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await close()
}

function hint(word: string, names: readonly string[]): string {
  const near = nearest(word, names)
  return near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : ''
}
