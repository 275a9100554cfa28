import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {loadAll} from 'js-yaml'
import type {Api} from './api.ts'

/** How Calico keeps its resources in Kubernetes. `aggregated` stores as crd-v1 does, and shows projectcalico.org/v3 through an API server of its own. */
export type CalicoMode = 'crd-v1' | 'aggregated' | 'native-v3'

interface CrdNames {
  readonly kind: string
  readonly plural: string
  readonly namespaced?: boolean
  /** Of projectcalico.org/v3; the CRDs of v1 have none. */
  readonly shortNames?: readonly string[]
  /** Has the subresource /status. */
  readonly status?: boolean
}
/** calico: api/pkg/apis/projectcalico/v3, libcalico-go/config/crd. */
const calico: readonly CrdNames[] = [
  {kind: 'BGPConfiguration', plural: 'bgpconfigurations', shortNames: ['bgpconfig', 'bgpconfigs']},
  {kind: 'BGPFilter', plural: 'bgpfilters'},
  {kind: 'BGPPeer', plural: 'bgppeers'},
  {kind: 'BlockAffinity', plural: 'blockaffinities', shortNames: ['affinity', 'affinities']},
  {kind: 'CalicoNodeStatus', plural: 'caliconodestatuses', status: true},
  {kind: 'ClusterInformation', plural: 'clusterinformations', shortNames: ['clusterinfo', 'clusterinfos']},
  {kind: 'FelixConfiguration', plural: 'felixconfigurations'},
  {kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies', shortNames: ['gnp', 'cgnp']},
  {kind: 'GlobalNetworkSet', plural: 'globalnetworksets', shortNames: ['gns']},
  {kind: 'HostEndpoint', plural: 'hostendpoints', shortNames: ['hep', 'heps']},
  {kind: 'IPAMBlock', plural: 'ipamblocks'},
  {kind: 'IPAMHandle', plural: 'ipamhandles'},
  {kind: 'IPPool', plural: 'ippools', status: true},
  {kind: 'IPReservation', plural: 'ipreservations'},
  {kind: 'KubeControllersConfiguration', plural: 'kubecontrollersconfigurations', shortNames: ['kcc', 'kccs'], status: true},
  {kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true, shortNames: ['cnp', 'caliconetworkpolicy']},
  {kind: 'NetworkSet', plural: 'networksets', namespaced: true},
  {kind: 'StagedGlobalNetworkPolicy', plural: 'stagedglobalnetworkpolicies', shortNames: ['sgnp']},
  {kind: 'StagedKubernetesNetworkPolicy', plural: 'stagedkubernetesnetworkpolicies', namespaced: true, shortNames: ['sknp']},
  {kind: 'StagedNetworkPolicy', plural: 'stagednetworkpolicies', namespaced: true, shortNames: ['scnp', 'snp']},
  {kind: 'Tier', plural: 'tiers', status: true},
]
/** The one resource whose name differs between the groups. */
const ipamConfig = {
  v1: {kind: 'IPAMConfig', plural: 'ipamconfigs'},
  v3: {kind: 'IPAMConfiguration', plural: 'ipamconfigurations', shortNames: ['ipamconfig', 'ipamconfigs']},
}
const operator: readonly CrdNames[] = [
  {kind: 'Installation', plural: 'installations', status: true},
  {kind: 'APIServer', plural: 'apiservers', status: true},
  {kind: 'TigeraStatus', plural: 'tigerastatuses', status: true},
  {kind: 'Goldmane', plural: 'goldmanes', status: true},
  {kind: 'Whisker', plural: 'whiskers', status: true},
  {kind: 'GatewayAPI', plural: 'gatewayapis', status: true},
  {kind: 'ImageSet', plural: 'imagesets'},
  {kind: 'Istio', plural: 'istios', status: true},
  {kind: 'ManagementClusterConnection', plural: 'managementclusterconnections', status: true},
]
const migration: readonly CrdNames[] = [{kind: 'DatastoreMigration', plural: 'datastoremigrations', status: true}]

/** A CustomResourceDefinition object. */
export interface Crd {
  readonly metadata: {readonly name: string}
  readonly [field: string]: unknown
}
export interface CrdChoice {
  readonly mode: CalicoMode
  readonly operator?: boolean
  readonly migration?: boolean
}
/** Minimal definitions of our own, which take any content; those of a file or folder of YAML (env CALICO_CRDS) take their place where they are given. */
export function calicoCrds(choice: CrdChoice, given: string | undefined = process.env.CALICO_CRDS): Crd[] {
  const own = new Map(ownCrds(choice).map(crd => [crd.metadata.name, crd]))
  if (given !== undefined) for (const crd of crdsIn(given)) if (own.has(crd.metadata.name)) own.set(crd.metadata.name, crd)
  return [...own.values()]
}

function ownCrds({mode, operator: withOperator = false, migration: withMigration = false}: CrdChoice): Crd[] {
  const {v1, v3} = ipamConfig
  const withoutShortNames = calico.map(({shortNames: _v3Only, ...names}) => names)
  return [
    ...(mode === 'native-v3' ? crdsOf('projectcalico.org', ['v3'], [...calico, v3]) : crdsOf('crd.projectcalico.org', ['v1'], [...withoutShortNames, v1])),
    ...(withOperator ? crdsOf('operator.tigera.io', ['v1'], operator) : []),
    ...(withMigration ? crdsOf('migration.projectcalico.org', ['v1', 'v1beta1'], migration) : []),
  ]
}

const anything = {openAPIV3Schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}}
const crdsOf = (group: string, versions: readonly string[], all: readonly CrdNames[]): Crd[] => all.map(names => crdOf(group, versions, names))
function crdOf(group: string, versions: readonly string[], {kind, plural, namespaced = false, shortNames, status = false}: CrdNames): Crd {
  const version = (name: string, index: number) => ({name, served: true, storage: index === 0, schema: anything, ...(status && {subresources: {status: {}}})})
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${plural}.${group}`},
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: {kind, plural, listKind: `${kind}List`, singular: kind.toLowerCase(), ...(shortNames && {shortNames})},
      versions: versions.map(version),
    },
  }
}

function crdsIn(path: string): Crd[] {
  const files = statSync(path).isDirectory() ? readdirSync(path).map(name => join(path, name)) : [path]
  const objects = files.filter(file => /\.(ya?ml|json)$/.test(file)).flatMap(file => loadAll(readFileSync(file, 'utf8')) as any[])
  return objects.filter(object => object?.kind === 'CustomResourceDefinition')
}

const patience = 30_000
const pause = () => new Promise(resolve => setTimeout(resolve, 100))
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** Creates the definitions and waits until each is served. */
export async function installCrds(api: Api, crds: readonly Crd[]): Promise<void> {
  await Promise.all(crds.map(body => api.must('POST', definitions, {body})))
  await crdsServed(api, crds)
}

/** Waits until each is served: after they were created, and after every start. */
export async function crdsServed({ask}: Api, crds: readonly Crd[]): Promise<void> {
  const deadline = performance.now() + patience
  for (const {spec} of crds)
    while (!(await isServed(ask, spec))) {
      if (performance.now() > deadline) throw new Error(`${JSON.stringify(spec)} is not served after ${patience / 1000} s`)
      await pause()
    }
}

/** Established comes a moment before requests are answered. */
async function isServed(ask: Api['ask'], spec: any): Promise<boolean> {
  const answers = await Promise.all(spec.versions.map(({name}: {name: string}) => ask('GET', `/apis/${spec.group}/${name}/${spec.names.plural}?limit=1`)))
  return answers.every(({status}) => status === 200)
}
