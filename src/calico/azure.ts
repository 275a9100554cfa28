import type {Collected} from '../engine/collected.ts'
import type {KubeNode} from './kubernetes.ts'

/** Why a node is on Azure, is not, or why that cannot be told. */
export type OnAzure = {readonly azure: true; readonly evidence: string} | {readonly azure: false} | {readonly azure: undefined; readonly reason: string}

/** Azure's machines all carry it in DMI (cloud-init and the Azure agent know them by it). */
const azureChassisTag = '7783-7084-3265-9085-8269-3286-77'
/** Distributions and tools that put themselves into providerID, whatever cloud is below. */
const noCloud = /^(k3s|rke2|kind|metal3|kubevirt|baremetal|maas|tinkerbell|byoh|external)$/

export function onAzure(node: KubeNode, chassisTag: Collected<string>): OnAzure {
  const provider = /^([a-z0-9-]+):/i.exec(node.providerId ?? '')?.[1]?.toLowerCase()
  if (provider === 'azure') return {azure: true, evidence: `providerID ${node.providerId?.slice(0, 40)}…`}
  if (provider !== undefined && !noCloud.test(provider)) return {azure: false}
  const label = azureLabel(node.labels)
  if (label !== undefined) return {azure: true, evidence: `label ${label}`}
  if (chassisTag.known) return chassisTag.value === azureChassisTag ? {azure: true, evidence: `DMI chassis asset tag ${chassisTag.value}`} : {azure: false}
  if (chassisTag.why === 'absent') return {azure: false}
  return {azure: undefined, reason: `no providerID or label of a cloud, and the machine was not asked (${chassisTag.why})`}
}

function azureLabel(labels: KubeNode['labels']): string | undefined {
  const own = Object.keys(labels).find(name => name.startsWith('kubernetes.azure.com/'))
  if (own !== undefined) return own
  const type = 'node.kubernetes.io/instance-type'
  if (/^(Standard|Basic)_[A-Z]+\d/.test(labels[type] ?? '')) return `${type}=${labels[type]}`
  const zone = 'topology.kubernetes.io/zone'
  return regionOf(labels[zone]) ? `${zone}=${labels[zone]}` : undefined
}

/** Azure's zones are its regions with -1 to -3 (`westeurope-1`); others name theirs likewise, so only its own regions count. */
const regionOf = (zone = '') => regions.has(/^([a-z0-9]+)-[1-3]$/.exec(zone)?.[1] ?? '')
const regions = new Set(
  [
    'australiacentral australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth canadacentral canadaeast centralindia centralus',
    'chilecentral eastasia eastus eastus2 francecentral germanywestcentral indonesiacentral israelcentral italynorth japaneast japanwest',
    'koreacentral koreasouth malaysiawest mexicocentral newzealandnorth northcentralus northeurope norwayeast polandcentral qatarcentral',
    'southafricanorth southcentralus southeastasia southindia spaincentral swedencentral switzerlandnorth uaenorth uksouth ukwest usgovarizona',
    'usgovtexas usgovvirginia westcentralus westeurope westindia westus westus2 westus3 chinaeast2 chinanorth2 chinanorth3',
  ].flatMap(line => line.split(' ')),
)
