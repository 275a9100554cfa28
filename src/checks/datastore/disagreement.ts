import type {Datastore, DatastoreClaim, DatastoreType} from '../../calico/cluster.ts'
import {claimLine} from '../../calico/datastore-evidence.ts'
import {alignDatastore, dropEtcdEndpoints, showDatastoreType} from '../../calico/datastore-fix.ts'
import {firstLines} from '../../calico/evidence.ts'
import {nodeList} from '../../calico/node-list.ts'
import {howToSet} from '../../calico/owner.ts'
import {restartCalicoNode} from '../../calico/owners/commands.ts'
import {unseenNodes} from '../../calico/unseen-nodes.ts'
import {defineCheck, type Fix, undecided} from '../../engine/check.ts'
import {known, orAbsent, seen, unknown} from '../../engine/collected.ts'
import {manifestInstall} from '../example-cluster.ts'
import {exampleInstall, exampleWorkload} from '../example-workloads.ts'

interface Args {
  readonly type: DatastoreType
  readonly components: readonly string[]
  readonly fix: readonly Fix[]
}
interface NodeArgs {
  readonly type: DatastoreType
  readonly nodes: readonly string[]
  readonly fix: readonly Fix[]
}
const verify = () => ({text: 'Every place names the same datastore.', command: 'calico-doctor check --only datastore/disagreement'})

export default defineCheck({
  id: 'datastore/disagreement',
  title: 'All components use one datastore',
  failureTitle: 'Components of Calico use different datastores',
  why:
    'calico-node, the CNI plugin, Typha and kube-controllers each read for themselves where Calico keeps its data. When they do not agree, addresses are given out by one and ' +
    'cleaned up by another, policies never reach the nodes, and new pods fail or get addresses twice.',
  needs: ['datastore', 'calicoDeployments'],
  uses: ['calicoConfig', 'cniConfig', 'install'],
  messages: {
    differ: {
      severity: 'error',
      text: ({type, components}: Args) =>
        `calico-node uses ${words[type]}, but ${components.join(' and ')} ${components.length === 1 ? 'does' : 'do'} not. They see different pools, policies and addresses.`,
      fix: ({fix}: Args) => fix,
      verify,
    },
    felix: {
      severity: 'error',
      text: ({type}: Args) =>
        type === 'kubernetes'
          ? 'calico-node is told to use Kubernetes and still has etcd endpoints: Felix lets the endpoints win, so policies come from etcd and addresses from Kubernetes.'
          : 'Felix is told another datastore than the rest of calico-node: policies and addresses come from different places.',
      fix: ({fix}: Args) => fix,
      verify: () => ({text: 'No etcd variable is left on calico-node.', command: showDatastoreType}),
    },
    nodes: {
      severity: 'error',
      text: ({type, nodes}: NodeArgs) =>
        `The CNI configuration on ${nodeList(nodes)} names another datastore than calico-node, which uses ${words[type]}. New pods there get addresses that nobody else knows of.`,
      fix: ({fix}: NodeArgs) => fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/reference/configure-calico-node', 'https://docs.tigera.io/calico/latest/reference/configure-cni-plugins'],
  *run({datastore, calicoDeployments, calicoConfig, cniConfig, install}, report) {
    const {type, claims} = datastore
    const evidence = claims.map(claimLine)
    // What Felix falls back to where nothing is set is what datastore/mode is about.
    const against = claims.filter(claim => claim.type !== type && !(claim.component === 'felix' && claim.byDefault))
    const felix = against.filter(({component}) => component === 'felix')
    const others = against.filter(({component}) => component !== 'felix')
    if (felix.length > 0) {
      const fix = type === 'kubernetes' && felix.some(({where}) => /ETCD/.test(where)) ? dropEtcdEndpoints(install) : howToSet(install, 'datastore', type)
      yield report.felix({type, components: ['felix'], fix: [fix]}, {subjects: subjectsOf(felix), evidence})
    }
    if (others.length > 0) {
      const fix = others.map(claim => alignDatastore(claim, type, install))
      yield report.differ({type, components: others.map(({component}) => titles[component] ?? component), fix}, {subjects: subjectsOf(others), evidence})
    }
    const onDisk = cniConfig.known ? [...seen(cniConfig.value)].filter(([, {datastoreType}]) => datastoreType !== undefined && datastoreType !== type) : []
    if (onDisk.length > 0) {
      const nodes = onDisk.map(([node]) => node)
      const lines = onDisk.map(([node, {datastoreType}]) => `${node}: CNI configuration datastore_type ${datastoreType}`)
      const subjects = nodes.map(name => ({kind: 'Node', name}))
      yield report.nodes({type, nodes, fix: writeAgain(install.known ? restartCalicoNode(install.value) : undefined)}, {subjects, evidence: firstLines(lines)})
    }
    const config = orAbsent(calicoConfig, undefined)
    if (!config.known) yield undecided(`what the CNI plugin is told was not seen: ConfigMap ${config.why}`)
    for (const reason of unseenNodes('the CNI configuration', cniConfig)) yield undecided(reason)
    if (calicoDeployments.length === 0 && install.known && install.value.flavour === 'operator')
      yield undecided('the operator always runs kube-controllers and Typha, and none was found')
  },
  examples: {
    'all of one mind': {given: given(using('kubernetes', claim('cni', 'kubernetes'), claim('typha', 'kubernetes'))), finds: []},
    'etcd everywhere is of one mind too': {given: given(using('etcdv3', claim('cni', 'etcdv3'), claim('kube-controllers', 'etcdv3'))), finds: []},
    "Felix's default where nothing is set is no second opinion": {
      given: given(using('kubernetes', {...claim('felix', 'etcdv3'), byDefault: true})),
      finds: [],
    },
    'the operator has no ConfigMap': {
      given: {
        ...given(using('kubernetes', claim('installation', 'kubernetes'))),
        calicoConfig: unknown('absent', 'the operator'),
        install: exampleInstall('operator'),
      },
      finds: [],
    },
    'Typha was forgotten: its own default is etcd': {
      given: given(
        using('kubernetes', {...claim('typha', 'etcdv3', "Typha's default, because Deployment kube-system/calico-typha does not set it"), byDefault: true}),
      ),
      finds: ['differ Component/typha'],
    },
    'half a migration': {
      given: given(
        using('kubernetes', claim('cni', 'etcdv3'), claim('kube-controllers', 'etcdv3', 'Deployment kube-system/calico-kube-controllers env ETCD_ENDPOINTS')),
      ),
      finds: ['differ Component/cni Component/kube-controllers'],
    },
    'endpoints left over beside DATASTORE_TYPE=kubernetes': {
      given: given(using('kubernetes', claim('felix', 'etcdv3', 'DaemonSet kube-system/calico-node env ETCD_ENDPOINTS'))),
      finds: ['felix Component/felix'],
    },
    'an operator beside an etcd install': {
      given: {...given(using('etcdv3', claim('installation', 'kubernetes'))), install: exampleInstall('etcd-manifest')},
      finds: ['differ Component/installation'],
    },
    'one node kept the old CNI configuration': {
      given: {
        ...given(using('kubernetes', claim('cni', 'kubernetes'))),
        cniConfig: known({a: known({datastoreType: 'kubernetes'}), b: known({datastoreType: 'etcdv3'}), c: unknown('timeout', '15 s'), d: known({})}),
      },
      finds: ['nodes Node/b'],
    },
    'nodes may not be asked: what their CNI configuration names is not known': {
      given: {...given(using('kubernetes', claim('cni', 'kubernetes'))), cniConfig: known({a: unknown('forbidden', 'no right to exec')})},
      finds: [],
    },
  },
})

const words: Readonly<Record<DatastoreType, string>> = {kubernetes: 'Kubernetes', etcdv3: 'etcd'}
const titles: Readonly<Record<string, string>> = {
  cni: 'the CNI plugin',
  typha: 'Typha',
  'kube-controllers': 'kube-controllers',
  installation: "the operator's Installation",
}
const subjectsOf = (claims: readonly DatastoreClaim[]) => [...new Set(claims.map(({component}) => component))].map(name => ({kind: 'Component', name}))

const writeAgain = (command: string | undefined): Fix[] => [
  {
    text: 'Restart calico-node: its init container install-cni writes the CNI configuration again. If it stays, another file in /etc/cni/net.d sorts first.',
    ...(command !== undefined && {command}),
  },
]

function claim(component: string, type: DatastoreType, where = `${component} in the manifest`): DatastoreClaim {
  return {component, type, where}
}
function using(type: DatastoreType, ...more: readonly DatastoreClaim[]): Datastore {
  return {type, claims: [claim('calico-node', type, 'DaemonSet kube-system/calico-node env DATASTORE_TYPE'), ...more]}
}
function given(datastore: Datastore) {
  return {
    datastore,
    calicoDeployments: [exampleWorkload('Deployment', 'calico-kube-controllers')],
    calicoConfig: known({namespace: 'kube-system', name: 'calico-config', data: {}}),
    cniConfig: known({a: known({datastoreType: datastore.type}), b: known({})}),
    install: manifestInstall,
  }
}
