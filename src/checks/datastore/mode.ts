import type {Datastore, DatastoreClaim, Install} from '../../calico/cluster.ts'
import {claimLine} from '../../calico/datastore-evidence.ts'
import {moveToKubernetes, showDatastoreType} from '../../calico/datastore-fix.ts'
import {howToSet} from '../../calico/owner.ts'
import {defineCheck, type Fix, type Subject} from '../../engine/check.ts'
import {type Collected, unknown} from '../../engine/collected.ts'
import {manifestInstall} from '../example-cluster.ts'
import {exampleInstall} from '../example-workloads.ts'

interface Args {
  readonly where: string
  readonly fix: readonly Fix[]
}
const verify = () => ({text: 'calico-node is told kubernetes, and calicoctl shows its pools from there.', command: showDatastoreType})

export default defineCheck({
  id: 'datastore/mode',
  title: 'Calico keeps its data in the Kubernetes API',
  failureTitle: 'Calico does not plainly use the Kubernetes datastore',
  why:
    'Calico keeps pools, policies and node addresses either in the Kubernetes API or in an etcd of its own. With etcd there is a second database to secure, back up and renew ' +
    'certificates for, eBPF and the operator do not work, and kubectl shows nothing of it. Where nothing says which, every component falls back to a default of its own.',
  needs: ['datastore'],
  uses: ['install'],
  messages: {
    etcd: {
      severity: 'warning',
      text: ({where}: Args) =>
        `Calico keeps its data in etcd (${where}). It works, but its certificates and backups are yours to keep, and the operator, eBPF and newer features need the Kubernetes datastore.`,
      fix: ({fix}: Args) => fix,
      verify,
    },
    unset: {
      severity: 'warning',
      text: ({where}: Args) =>
        `No DATASTORE_TYPE is set for calico-node (${where}). Its programs then fall back each for itself: Felix documents etcdv3, the others look for etcd endpoints and take Kubernetes.`,
      fix: ({fix}: Args) => fix,
      verify,
    },
  },
  docs: [
    'https://docs.tigera.io/calico/latest/operations/datastore-migration',
    'https://docs.tigera.io/calico/latest/getting-started/kubernetes/hardway/the-calico-datastore',
  ],
  *run({datastore, install}, report) {
    const own = datastore.claims.find(({component}) => component === 'calico-node')
    const place = {subjects: [subjectOf(install)], evidence: datastore.claims.map(claimLine)}
    const where = own?.where ?? 'calico-node'
    if (datastore.type === 'etcdv3') yield report.etcd({where, fix: moveToKubernetes(install)}, place)
    else if (own?.byDefault) yield report.unset({where, fix: [howToSet(install, 'datastore', 'kubernetes')]}, place)
  },
  examples: {
    'the Kubernetes datastore needs no word': {given: {datastore: using('kubernetes', []), install: manifestInstall}, finds: []},
    'leftover etcd settings elsewhere are another matter': {
      given: {datastore: using('kubernetes', [{component: 'typha', type: 'etcdv3', where: "Typha's default", byDefault: true}]), install: manifestInstall},
      finds: [],
    },
    'the operator': {given: {datastore: using('kubernetes', []), install: exampleInstall('operator')}, finds: []},
    'etcd by its endpoints': {
      given: {
        datastore: {type: 'etcdv3', claims: [{component: 'calico-node', type: 'etcdv3', where: 'DaemonSet kube-system/calico-node env ETCD_ENDPOINTS'}]},
        install: exampleInstall('etcd-manifest'),
      },
      finds: ['etcd DaemonSet/calico-node'],
    },
    'etcd by Kubespray': {given: {datastore: using('etcdv3', []), install: exampleInstall('kubespray')}, finds: ['etcd DaemonSet/calico-node']},
    'nothing set, so Felix has its own idea': {
      given: {
        datastore: {
          type: 'kubernetes',
          claims: [
            {
              component: 'calico-node',
              type: 'kubernetes',
              where: 'DaemonSet kube-system/calico-node, which sets neither DATASTORE_TYPE nor ETCD_ENDPOINTS',
              byDefault: true,
            },
            {
              component: 'felix',
              type: 'etcdv3',
              where: "Felix's default, because DaemonSet kube-system/calico-node does not set DATASTORE_TYPE",
              byDefault: true,
            },
          ],
        },
        install: manifestInstall,
      },
      finds: ['unset DaemonSet/calico-node'],
    },
    'etcd, and who installed it was not seen': {
      given: {datastore: using('etcdv3', []), install: unknown('forbidden', '403')},
      finds: ['etcd Datastore/calico'],
    },
  },
})

const subjectOf = (install: Collected<Install>): Subject =>
  install.known ? {kind: 'DaemonSet', name: install.value.daemonSet, namespace: install.value.namespace} : {kind: 'Datastore', name: 'calico'}

function using(type: Datastore['type'], more: readonly DatastoreClaim[]): Datastore {
  return {type, claims: [{component: 'calico-node', type, where: 'DaemonSet kube-system/calico-node env DATASTORE_TYPE'}, ...more]}
}
