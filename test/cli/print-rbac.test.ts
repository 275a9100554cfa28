import {expect, test} from 'vitest'
import {type ClusterState, scenario, startSimulatedCluster} from '../../src/demo/index.ts'
import {isNeededBy, rightsIn, rightText, rolesIn} from './printed-rights.ts'
import {runCli, tempFile} from './run-cli.ts'

/** Rights that are printed and that a full run does not need, and the other way round. */
async function differences(state: ClusterState): Promise<{idle: string[]; lacking: string[]}> {
  const cluster = await startSimulatedCluster({scenario: state})
  const kubeconfig = tempFile('kubeconfig', cluster.kubeconfig)
  try {
    const {stdout} = await runCli(['check', '--print-rbac', '--kubeconfig', kubeconfig])
    const printed = rightsIn(rolesIn(stdout))
    const before = cluster.requests.length
    await runCli(['check', '--kubeconfig', kubeconfig])
    // What everybody may ask: paths that are no resource, and what they may themselves.
    const asked = cluster.requests.slice(before).filter(({resource}) => resource !== '' && resource !== 'selfsubjectaccessreviews')
    return {
      idle: printed.filter(right => !asked.some(one => isNeededBy(right, one))).map(rightText),
      lacking: asked.filter(one => !printed.some(right => isNeededBy(right, one))).map(({method, path}) => `${method} ${path}`),
    }
  } finally {
    await cluster.close()
  }
}

test.each(['healthy', 'operator', 'canal', 'kubespray', 'pmk', 'tkg', 'etcd', 'native-v3', 'aggregated'])(
  '%s: what is printed is what a full run asks for',
  async name => {
    expect(await differences(scenario(name, {nodes: 4}))).toEqual({idle: [], lacking: []})
  },
)

test('a ConfigMap and a Typha of other names', async () => {
  const state = scenario('healthy', {nodes: 4})
  const renamed = (text: string) => text.replaceAll('"calico-config"', '"net-config"').replaceAll('"calico-typha"', '"typha"')
  const objects = JSON.parse(renamed(JSON.stringify(state.objects)))
  expect(await differences({...state, objects})).toEqual({idle: [], lacking: []})
})

test('bundle collect: rights of its own beside, none on Secrets, and exec, logs and proxy in Calico’s namespace only', async () => {
  const cluster = await startSimulatedCluster({scenario: 'healthy', nodes: 4})
  try {
    const {stdout, code} = await runCli(['bundle', 'collect', '--print-rbac', '--kubeconfig', tempFile('kubeconfig', cluster.kubeconfig)])
    const printed = rightsIn(rolesIn(stdout))
    expect(code).toBe(0)
    expect(printed.map(rightText)).toEqual(
      expect.arrayContaining(['get pods/log in kube-system', 'get pods/proxy in kube-system', 'create pods/exec in kube-system', 'list events in default']),
    )
    expect(printed.filter(({resource, namespace}) => resource === 'secrets' || (resource.includes('/') && namespace !== 'kube-system'))).toEqual([])
  } finally {
    await cluster.close()
  }
})
