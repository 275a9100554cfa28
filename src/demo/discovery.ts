import {type ApiResource, groupVersion} from './api-resources.ts'
import type {ClusterState} from './cluster-state.ts'
import {notServed} from './request-info.ts'
import type {Answer} from './respond.ts'
import {noSuchPath, pageNotFound} from './status.ts'

/** Everything that is no resource: discovery, version and health. The old, unaggregated form, which every client can read. */
export function plainAnswer(state: ClusterState, path: string): Answer {
  if (['/healthz', '/livez', '/readyz'].includes(path)) return {code: 200, type: 'text/plain; charset=utf-8', body: Buffer.from('ok')}
  return {code: 200, type: 'application/json', body: Buffer.from(`${JSON.stringify(documentAt(state, path.replace(/\/$/, '')))}\n`)}
}

function documentAt(state: ClusterState, path: string): object {
  if (path === '') return {paths: rootPaths(state)}
  if (path === '/version') return versionOf(state.kubernetesVersion)
  if (path === '/api') return {kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: []}
  if (path === '/apis') return {kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(state.resources)}
  const group = groupsOf(state.resources).find(({name}) => path === `/apis/${name}`)
  if (group) return {kind: 'APIGroup', apiVersion: 'v1', ...group}
  const wanted = path === '/api/v1' ? 'v1' : path.replace(/^\/apis\//, '')
  const resources = state.resources.filter(resource => groupVersion(resource) === wanted)
  if (resources.length === 0) throw nothingAt(state, path)
  return {kind: 'APIResourceList', ...(wanted !== 'v1' && {apiVersion: 'v1'}), groupVersion: wanted, resources: resources.flatMap(described)}
}

function nothingAt({resources}: ClusterState, path: string): Error {
  const [, root, group = ''] = path.split('/')
  if (root === 'apis') return notServed(resources, group)
  return root === 'api' || root === 'version' ? noSuchPath() : pageNotFound()
}

const described = ({resource, kind, namespaced, verbs, shortNames, subresources = []}: ApiResource): object[] => [
  {name: resource, singularName: kind.toLowerCase(), namespaced, kind, verbs, ...(shortNames && {shortNames})},
  ...subresources.map(sub => ({name: `${resource}/${sub.name}`, singularName: '', namespaced, kind: sub.kind, verbs: sub.verbs})),
]

function groupsOf(resources: readonly ApiResource[]) {
  const byGroup = Map.groupBy(
    resources.filter(({group}) => group !== ''),
    ({group}) => group,
  )
  return [...byGroup].map(([name, members]) => {
    const versions = [...new Set(members.map(({version}) => version))].map(version => ({groupVersion: `${name}/${version}`, version}))
    return {name, versions, preferredVersion: versions[0]}
  })
}

const rootPaths = (state: ClusterState) => [
  '/api',
  '/api/v1',
  '/apis',
  ...groupsOf(state.resources).flatMap(({name, versions}) => [`/apis/${name}`, ...versions.map(one => `/apis/${one.groupVersion}`)]),
  '/healthz',
  '/livez',
  '/readyz',
  '/version',
]

function versionOf(gitVersion: string): object {
  const [major = '', minor = ''] = gitVersion.replace(/^v/, '').split('.')
  const build = {
    gitCommit: '8a3f1d7c1c9b',
    gitTreeState: 'clean',
    buildDate: '2025-08-14T09:00:00Z',
    goVersion: 'go1.24.5',
    compiler: 'gc',
    platform: 'linux/amd64',
  }
  return {major, minor, emulationMajor: major, emulationMinor: minor, gitVersion, ...build}
}
