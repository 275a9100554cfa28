import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import type {Manifest} from '../../src/bundle/manifest.ts'
import {type Ran, runCli, tempFolder} from '../cli/run-cli.ts'
import type {AuditEntry} from './audit-log.ts'
import {type Document, runAs} from './proof-run.ts'

export interface CollectedRun extends Ran {
  readonly file: string
  readonly folder: string
  manifest(): Manifest
  /** One file of the bundle. */
  show(path: string): string
}

/** `bundle collect` as this user, into a folder that goes with the test. */
export async function collectAs(who: Parameters<typeof runAs>[0], argv: readonly string[] = [], onStart?: (pid: number) => void): Promise<CollectedRun> {
  const folder = tempFolder()
  const file = join(folder, 'b.tar.gz')
  const ran = await runAs(who, ['bundle', 'collect', '-q', '-f', file, ...argv], onStart)
  const show = (path: string) => execFileSync('tar', ['xzOf', file, path], {encoding: 'utf8', maxBuffer: 1e9})
  return {...ran, file, folder, show, manifest: () => JSON.parse(show('manifest.json')) as Manifest}
}

/** `check -o json --bundle`. */
export async function checkOf(file: string): Promise<Ran & {readonly report: Document}> {
  const ran = await runCli(['check', '--bundle', file, '-o=json'])
  return {...ran, report: JSON.parse(ran.stdout)}
}

/** design.md, "Access": what a bundle may ask beside what `check` may. */
export function isAllowedForBundles({verb, group, resource, subresource, uri}: AuditEntry): boolean {
  if (resource === '') return verb === 'get' && /^\/(version|api|apis(\/[\w.]+\/v\w+)?|livez\?verbose|readyz\?verbose)$/.test(uri)
  if (resource === 'selfsubjectaccessreviews') return verb === 'create' && group === 'authorization.k8s.io'
  if (resource === 'secrets') return false
  if (subresource === 'exec') return resource === 'pods' && (verb === 'get' || verb === 'create')
  if (subresource !== '') return resource === 'pods' && ['log', 'proxy'].includes(subresource) && verb === 'get'
  return ['get', 'list', 'watch'].includes(verb)
}
