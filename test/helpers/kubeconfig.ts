import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {tempFolder} from './temp-folder.ts'

export interface KubeconfigParts {
  readonly server: string
  readonly cluster?: Readonly<Record<string, unknown>>
  readonly user?: Readonly<Record<string, unknown>>
}

/** A kubeconfig with one context `lab`, cluster `lab-cluster` and user `lab-user`. Returns its path. JSON is YAML. */
export const kubeconfigFile = ({server, cluster, user = {}}: KubeconfigParts, folder?: string): string =>
  writeConfig(
    {
      'current-context': 'lab',
      contexts: [{name: 'lab', context: {cluster: 'lab-cluster', user: 'lab-user'}}],
      clusters: [{name: 'lab-cluster', cluster: {server, ...cluster}}],
      users: [{name: 'lab-user', user}],
    },
    folder,
  )

export function writeConfig(config: unknown, folder: string = tempFolder(), name = 'config'): string {
  const path = join(folder, name)
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config))
  return path
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64')
