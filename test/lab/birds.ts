import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {birdConfig} from './bird-config.ts'
import {addressIn, asOf, type Family, families, type LabNode, type LabPlan, peerOf} from './plan.ts'

/** Running daemons by node and family. */
export type Birds = Map<string, ChildProcess>
export const birdKey = (node: string, family: Family) => `${node} ${family}`
const programs = {4: {daemon: 'bird', client: 'birdc'}, 6: {daemon: 'bird6', client: 'birdc6'}} as const

export function startBirds(node: LabNode, nodes: readonly LabNode[], plan: LabPlan, birds: Birds): void {
  for (const family of families(plan)) {
    const {daemon} = programs[family]
    const config = join(node.directory, `${daemon}.cfg`)
    writeFileSync(config, configOf(node, nodes, plan, family))
    // A killed test leaves no daemon behind: the kernel ends it with its parent.
    const argv = ['netns', 'exec', node.namespace, 'setpriv', '--pdeathsig', 'KILL', `/usr/sbin/${daemon}`]
    birds.set(birdKey(node.name, family), spawn('ip', [...argv, '-f', '-c', config, '-s', socketOf(node, family)], {stdio: 'ignore'}))
  }
}

const socketOf = ({directory}: LabNode, family: Family) => join(directory, `${programs[family].daemon}.ctl`)

function configOf(node: LabNode, nodes: readonly LabNode[], plan: LabPlan, family: Family): string {
  const index = nodes.indexOf(node) + 1
  return birdConfig({
    family,
    address: addressIn(node, family),
    routerId: node.routerId ?? node.address,
    as: asOf(node),
    block: family === 4 ? `10.244.${index}.0/26` : `fd00:10:244:${index}::/122`,
    pool: family === 4 ? '10.244.0.0/16' : 'fd00:10:244::/48',
    peers: [
      ...nodes.flatMap(other => peerOf(node, other, plan, family)),
      ...(plan.peers ?? []).filter(({address}) => address.includes(':') === (family === 6)),
    ],
    timers: plan.timers ?? 'short',
    ...(plan.head !== undefined && {head: plan.head}),
  })
}

/** `show protocols` as BIRD prints it now; '' while it does not answer. Unix sockets know no network namespace, so it can be asked from outside. */
export function protocols(node: LabNode, family: Family): Promise<string> {
  return new Promise(resolve => {
    execFile(`/usr/sbin/${programs[family].client}`, ['-s', socketOf(node, family), 'show', 'protocols'], (_error, stdout) => resolve(stdout))
  })
}

const patience = 15_000
const pause = () => new Promise(resolve => setTimeout(resolve, 100))

/** Looks at `show protocols` until it matches. */
export async function waitFor(node: LabNode, pattern: RegExp, family: Family): Promise<string> {
  const deadline = performance.now() + patience
  for (;;) {
    const text = await protocols(node, family)
    if (pattern.test(text)) return text
    if (performance.now() > deadline) throw new Error(`${node.name}: ${pattern} did not come in ${patience / 1000} s:\n${text}`)
    await pause()
  }
}
