// What a look at a real API server of 1,000 nodes costs, beside plain downloads. Ratios of one run on one machine; an absolute time says nothing. `npm run bench:e2e`.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {bestOf, costOf, costOfNode, inSum, printRows, root, seconds} from './e2e-cost.js'
import {serve} from './e2e-server.js'

const cli = join(root, 'bin/run.js')
const [nodes, pods] = [1000, 20_000]
const calico = ['ippools', 'bgppeers', 'bgpconfigurations', 'felixconfigurations', 'ipamblocks', 'ipamhandles', 'blockaffinities']
const lists = ['/api/v1/nodes', '/api/v1/pods', ...calico.map(plural => `/apis/crd.projectcalico.org/v1/${plural}`)]

await realApiServer()
await fullMesh()

/** etcd, kube-apiserver and the kubelets share the machine with what is measured. */
async function realApiServer() {
  const server = await serve([join(root, 'test/e2e/scale.ts'), `--nodes=${nodes}`, `--pods=${pods}`])
  if (!server) return
  const {kubeconfig} = server
  const ours = (...argv) => costOfNode([cli, ...argv, `--kubeconfig=${kubeconfig}`])
  const [reference, download] = references(kubeconfig)
  // The API server reads each kind from etcd when it is first asked for.
  download()
  const costs = bestOf(3, {
    [reference]: download,
    'check --exec none': () => ours('check', '--exec=none', '-o=json'),
    'check, 20 execs at once': () => ours('check', '--exec=pod', '--concurrency=20', '-o=json'),
    'node status, 20 execs at once': () => ours('node', 'status', '--concurrency=20'),
  })
  console.log(`A real kube-apiserver, ${nodes} nodes, ${pods} pods, best of 3`)
  printRows(costs, costs[reference])
  const [raw, api, exec] = Object.values(costs)
  console.log(`  check --exec none: ${(api.wallMs / raw.wallMs).toFixed(2)} × the raw lists (aim 0.7), ${Math.round(api.peakMiB)} MiB (aim 250)`)
  console.log(
    `  ${nodes} node execs: ${((exec.cpuMs - api.cpuMs) / nodes).toFixed(2)} ms CPU of ours each (aim 5), ${seconds(exec.wallMs - api.wallMs)} in all`,
  )
  await server.close()
}

/** Name and measure of what everything else is a multiple of. */
function references(kubeconfig) {
  const kubectl = (process.env.PATH ?? '').split(':').find(folder => existsSync(join(folder, 'kubectl')))
  const env = {KUBECONFIG: kubeconfig}
  if (kubectl)
    return [`kubectl get --raw, ${lists.length} lists`, () => inSum(lists.map(path => costOf(join(kubectl, 'kubectl'), ['get', '--raw', path], env)))]
  console.log('There is no kubectl here: the same lists are read by pages with Node instead.')
  return ['paged JSON download', () => costOfNode([join(root, 'bench/download.js')], env)]
}

/** A million sessions, on the simulated cluster: what must stay bounded is memory. */
async function fullMesh() {
  const server = await serve([cli, 'demo', '--serve', '--scenario=mesh', `--nodes=${nodes}`])
  const ours =
    (...argv) =>
    () =>
      costOfNode([cli, ...argv, '--timeout=5m', `--kubeconfig=${server.kubeconfig}`])
  const costs = bestOf(1, {check: ours('check'), 'node status': ours('node', 'status'), 'node status -o json': ours('node', 'status', '-o=json')})
  console.log(`\nA full mesh of ${nodes} nodes, simulated: ${(nodes * (nodes - 1)).toLocaleString('en')} sessions (aim: under 700 MiB)`)
  printRows(costs)
  await server.close()
}
