import type {Right, Role} from '../cli/printed-rights.ts'
import type {Api, Identity} from './api.ts'
import type {ControlPlane} from './control-plane.ts'

const rbac = '/apis/rbac.authorization.k8s.io/v1'
const apiGroup = 'rbac.authorization.k8s.io'

/** A new service account with these roles and nothing else, as `kubectl apply` and `create token` would make it. Call `settled` before it is used. */
export async function accountWith({admin, url, ca}: ControlPlane, name: string, roles: readonly Role[]): Promise<Identity> {
  await admin.must('POST', '/api/v1/namespaces/default/serviceaccounts', {body: {metadata: {name}}})
  const subjects = [{kind: 'ServiceAccount', namespace: 'default', name}]
  for (const {kind, metadata, rules} of roles) {
    const own = {name: `${metadata.name}-${name}`, ...(metadata.namespace !== undefined && {namespace: metadata.namespace})}
    const path = `${rbac}/${metadata.namespace === undefined ? 'cluster' : `namespaces/${metadata.namespace}/`}role`
    await admin.must('POST', `${path}s`, {body: {metadata: own, rules}})
    await admin.must('POST', `${path}bindings`, {body: {metadata: own, subjects, roleRef: {kind, name: own.name, apiGroup}}})
  }
  const spec = {expirationSeconds: 3_600}
  const {status} = await admin.must('POST', `/api/v1/namespaces/default/serviceaccounts/${name}/token`, {body: {spec}})
  return {url, ca, token: status.token}
}

/** A ClusterRole that is there, for a user: everywhere, or in one namespace. */
export async function bind({must}: Api, user: string, role: string, namespace?: string): Promise<void> {
  const path = `${rbac}/${namespace === undefined ? 'cluster' : `namespaces/${namespace}/`}rolebindings`
  const subjects = [{kind: 'User', name: user, apiGroup}]
  await must('POST', path, {body: {metadata: {name: user}, subjects, roleRef: {kind: 'ClusterRole', name: role, apiGroup}}})
}

/** The authorizer learns of roles through a watch. */
export const settled = () => new Promise(resolve => setTimeout(resolve, 300))

/** Each right as a rule of its own, in roles by namespace. */
export function rolesOf(rights: readonly Right[]): Role[] {
  const byNamespace = Map.groupBy(rights, ({namespace}) => namespace)
  return [...byNamespace].map(([namespace, some]) => ({
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: {name: 'calico-doctor', ...(namespace !== undefined && {namespace})},
    rules: some.map(({verb, group, resource, name}) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [verb],
      ...(name !== undefined && {resourceNames: [name]}),
    })),
  }))
}
