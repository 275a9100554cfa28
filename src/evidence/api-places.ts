import {isAtLeast, writtenVersion} from '../calico/calico-version.ts'
import type {Installation} from '../calico/resources.ts'
import {at, textAt} from '../collectors/fields.ts'
import {usualNamespaces} from '../collectors/in-namespaces.ts'
import type {FactTable} from '../engine/facts.ts'

/** Here all pods are Calico's or its operator's. */
const ownNamespaces: readonly string[] = ['calico-system', 'calico-apiserver', 'tigera-operator', 'calico-vpp-dataplane']

/**
 * Where the operator puts itself, Calico and the API server; where manifests put the API server (facts §5). One that is surely not there is not asked: a Role
 * cannot be made in it, and who has only what is printed would be refused.
 */
export function moreNamespaces({installation, apiGroup}: Pick<FactTable, 'installation' | 'apiGroup'>): string[] {
  const mayServe = !apiGroup.known || apiGroup.value.mode === 'aggregated'
  if (!installation.known) return apiGroup.known && mayServe ? ['calico-apiserver'] : []
  return ['calico-system', ...(mayServe && !movedApiServer(installation.value) ? ['calico-apiserver'] : []), 'tigera-operator']
}

/** From 3.31 on it is in calico-system; Enterprise counts its own releases. */
function movedApiServer({spec: {variant = 'Calico'}, calicoVersion = ''}: Installation): boolean {
  const version = writtenVersion(calicoVersion, 'Installation')
  return variant === 'Calico' && version !== undefined && isAtLeast(version, 3, 31)
}

/** Namespaces of calico-node, as far as they are known. */
export const ownNamespacesOf = ({calicoNamespaces}: Pick<FactTable, 'calicoNamespaces'>): readonly string[] =>
  calicoNamespaces.known ? calicoNamespaces.value : usualNamespaces

/** All namespaces with something of Calico's in them. */
export const namespacesOf = (facts: Pick<FactTable, 'calicoNamespaces' | 'installation' | 'apiGroup'>): string[] => [
  ...new Set([...ownNamespacesOf(facts), ...moreNamespaces(facts)]),
]

/** Calico's own among everybody's, by namespace, name or label k8s-app. */
export function isCalicos(item: unknown): boolean {
  const namespace = textAt(item, 'metadata', 'namespace')
  const labels = [textAt(item, 'metadata', 'labels', 'k8s-app'), textAt(item, 'spec', 'template', 'metadata', 'labels', 'k8s-app')]
  return ownNamespaces.includes(namespace) || [textAt(item, 'metadata', 'name'), ...labels].some(name => calicosName.test(name))
}
const calicosName = /^(calico|canal|tigera|typha|goldmane|whisker|csi-node-driver)/

/** The container images of a node: tens of kilobytes that say nothing here. */
export function withoutImages(node: unknown): unknown {
  const status = at(node, 'status')
  if (typeof node !== 'object' || typeof status !== 'object' || status === null || !('images' in status)) return node
  const {images: _, ...rest} = status
  return {...node, status: rest}
}
