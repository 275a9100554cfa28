import type {KubeNode} from '../../calico/kubernetes.ts'
import {howToSet} from '../../calico/owner.ts'
import {recommendedTyphas, typhaDeployments, typhaEssentialFrom, typhaRecommendedAbove} from '../../calico/typha.ts'
import {defineCheck, type Fix} from '../../engine/check.ts'
import {unknown} from '../../engine/collected.ts'
import {exampleNode, manifestInstall} from '../example-cluster.ts'
import {exampleInstall, exampleWorkload} from '../example-workloads.ts'

interface Args {
  readonly nodes: number
  readonly replicas: number
  readonly fix: readonly Fix[]
}
const fix = ({fix}: Args) => fix
const verify = () => ({text: 'Typha is ready, and every Felix is connected to it.', command: 'calico-doctor check --only typha'})

export default defineCheck({
  id: 'typha/missing',
  title: 'Typha stands between a large cluster and its API server',
  failureTitle: 'A large cluster runs without Typha',
  why:
    'Without Typha every node watches all pods, policies and endpoints at the API server by itself. From some fifty nodes on that is a load that slows the API server and delays ' +
    'policies and routes on all nodes; every change is sent once to each of them.',
  needs: ['datastore', 'nodes', 'calicoDeployments'],
  uses: ['install'],
  messages: {
    recommended: {
      severity: 'warning',
      text: ({nodes, replicas}: Args) =>
        `${nodes} nodes talk to the API server directly: no Typha is running. Calico recommends it above ${typhaRecommendedAbove} nodes, here with ${replicas} replicas.`,
      fix,
      verify,
      absentFrom: ['calicoDeployments'],
    },
    essential: {
      severity: 'error',
      text: ({nodes, replicas}: Args) =>
        `${nodes} nodes talk to the API server directly: no Typha is running. From ${typhaEssentialFrom} nodes on Calico calls it essential; ${replicas} replicas are right here.`,
      fix,
      verify,
      absentFrom: ['calicoDeployments'],
    },
  },
  docs: [
    'https://docs.tigera.io/calico/latest/reference/typha/overview',
    'https://docs.tigera.io/calico/latest/getting-started/kubernetes/self-managed-onprem/onpremises',
  ],
  notApplicable: ({datastore}) =>
    datastore.type === 'etcdv3' ? 'Typha relieves the Kubernetes API server, and Calico keeps its data in etcd here' : undefined,
  *run({nodes, calicoDeployments, install}, report) {
    const count = nodes.filter(runsCalico).length
    const typhas = typhaDeployments(calicoDeployments)
    if (count <= typhaRecommendedAbove || typhas.some(({desired}) => desired > 0)) return
    const args = {nodes: count, replicas: recommendedTyphas(count), fix: [howToSet(install, 'typha', 'calico-typha')]}
    const evidence = [
      `${count} Linux nodes`,
      ...(typhas.length > 0
        ? typhas.map(({namespace, name}) => `Deployment ${namespace}/${name}: 0 replicas`)
        : ['no Deployment with a container calico-typha']),
    ]
    const place = {subjects: [{kind: 'Deployment', name: 'calico-typha', namespace: install.known ? install.value.namespace : 'kube-system'}], evidence}
    yield count >= typhaEssentialFrom ? report.essential(args, place) : report.recommended(args, place)
  },
  examples: {
    'a small cluster needs none': {given: given(3), finds: []},
    'fifty nodes need none yet': {given: given(50), finds: []},
    'fifty-one nodes': {given: given(51), finds: ['recommended Deployment/calico-typha']},
    'ninety-nine nodes': {given: given(99), finds: ['recommended Deployment/calico-typha']},
    'a hundred nodes': {given: given(100), finds: ['essential Deployment/calico-typha']},
    'Typha is there': {given: {...given(120), calicoDeployments: [typha(3)]}, finds: []},
    'Typha is there and at zero': {given: {...given(120), calicoDeployments: [typha(0)]}, finds: ['essential Deployment/calico-typha']},
    'the operator brings it': {given: {...given(120), install: exampleInstall('operator'), calicoDeployments: [typha(3)]}, finds: []},
    'virtual and Windows nodes do not watch': {
      given: {...given(40), nodes: [...linux(40), ...linux(40, {virtual: true}), ...linux(40, {operatingSystem: 'windows'})]},
      finds: [],
    },
    'on etcd it is not needed': {given: {...given(120), datastore: {type: 'etcdv3', claims: []}}, finds: []},
    'who installed it was not seen': {given: {...given(120), install: unknown('forbidden', '403')}, finds: ['essential Deployment/calico-typha']},
  },
})

const runsCalico = ({operatingSystem, virtual}: KubeNode) => operatingSystem === 'linux' && !virtual

function linux(count: number, more: Partial<KubeNode> = {}): KubeNode[] {
  return Array.from({length: count}, (_, index) => exampleNode(`node-${index}`, index, more))
}
function typha(desired: number) {
  return exampleWorkload('Deployment', 'calico-typha', {desired, ready: desired, updated: desired})
}
function given(count: number) {
  const datastore = {type: 'kubernetes', claims: []} as const
  return {datastore, nodes: linux(count), calicoDeployments: [exampleWorkload('Deployment', 'calico-kube-controllers')], install: manifestInstall}
}
