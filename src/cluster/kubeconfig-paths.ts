import {existsSync} from 'node:fs'
import {homedir} from 'node:os'
import {delimiter, join, resolve} from 'node:path'
import type {Env} from './connect-options.ts'

/** Where a kubeconfig is looked for without `--kubeconfig`: the files of `$KUBECONFIG`, else `~/.kube/config`. */
export function usualPaths(env: Env): string[] {
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
  return listed.length > 0 ? [...new Set(listed)].map(path => resolve(path)) : [join(env.HOME || homedir(), '.kube', 'config')]
}

/** Mounted into every pod with a service account (client-go: rest/config.go). */
export const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount'
export const isInCluster = ({KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port}: Env, folder = serviceAccount): boolean =>
  Boolean(host && port) && existsSync(join(folder, 'token'))

/** Whether a cluster can be chosen without a word from the user. */
export const hasKubeconfig = (env: Env = process.env): boolean => usualPaths(env).some(path => existsSync(path)) || isInCluster(env)
