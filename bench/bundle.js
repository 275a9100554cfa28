// What a bundle costs beside kubectl asking for the same, pod by pod, as calicoctl cluster diags does. Ratios of one run on one machine; an absolute time says
// nothing. `node bench/bundle.js`.
import {existsSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {bestOf, costOf, costOfNode, printRows, root, seconds} from './e2e-cost.js'
import {serve} from './e2e-server.js'

const cli = join(root, 'bin/run.js')
const file = join(tmpdir(), `calico-doctor-bench-${process.pid}.tar.gz`)
process.once('exit', () => rmSync(file, {force: true}))
const kubectl = (process.env.PATH ?? '')
  .split(':')
  .map(folder => join(folder, 'kubectl'))
  .find(existsSync)

/** Of each calico-node pod its logs, its description and the dataplane by one exec each: the commands of calicoctl's commands/cluster/diags.go, ten at once. */
const perPod = namespace => `
  pod() { p=$1; k() { kubectl -n ${namespace} "$@" > /dev/null 2>&1; }
    k logs --all-containers "$p"; k describe pod "$p"; k logs --previous -c calico-node "$p"
    for c in 'iptables-legacy-save -c' 'iptables-nft-save -c' 'nft -n -a list ruleset' 'ip route show table all' 'ip -6 route show table all' 'ip rule' \\
      'ip addr' 'ip link' 'ip neigh' 'ipset list' 'conntrack -LSC' 'tc qdisc'; do k exec "$p" -c calico-node -- $c; done; }
  export -f pod
  kubectl -n ${namespace} get pods -l k8s-app=calico-node -o name | cut -d/ -f2 | xargs -P 10 -I{} bash -c 'pod {}'
  for kind in nodes daemonsets deployments services configmaps endpoints; do kubectl get $kind -A -o yaml > /dev/null; done`

const demo = ({scenario, nodes, pods}) => serve([cli, 'demo', '--serve', `--scenario=${scenario}`, `--nodes=${nodes}`, `--pods=${pods}`])

await beside({nodes: 20, pods: 400, scenario: 'operator', namespace: 'calico-system'})
await atSize({nodes: 1000, pods: 20_000, scenario: 'healthy'})

async function beside({namespace, ...cluster}) {
  const {kubeconfig, close} = await demo(cluster)
  const reference = 'kubectl, as calicoctl cluster diags'
  const costs = bestOf(2, {
    ...(kubectl && {[reference]: () => costOf('bash', ['-c', perPod(namespace)], {KUBECONFIG: kubeconfig})}),
    'bundle collect': () => bundle(kubeconfig),
  })
  console.log(`${cluster.nodes} nodes in ${namespace}, simulated${kubectl ? ' (aim: a tenth of the reference in wall and CPU)' : '; there is no kubectl here'}`)
  printRows(costs, costs[reference])
  await close()
}

async function atSize(cluster) {
  const {kubeconfig, close} = await demo(cluster)
  const costs = bestOf(1, {'bundle collect': () => bundle(kubeconfig), 'bundle collect --sample-nodes all': () => bundle(kubeconfig, '--sample-nodes=all')})
  console.log(`\n${cluster.nodes} nodes, simulated (aim: 3 minutes, 200 MiB)`)
  printRows(costs)
  const show = costOfNode([cli, 'check', '--bundle', file])
  console.log(`  check --bundle of all of it: ${seconds(show.wallMs)}`)
  await close()
}

function bundle(kubeconfig, ...argv) {
  rmSync(file, {force: true})
  return costOfNode([cli, 'bundle', 'collect', '-q', `--kubeconfig=${kubeconfig}`, '-f', file, ...argv])
}
