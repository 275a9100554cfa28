import {createHash} from 'node:crypto'
import {constants} from 'node:fs'
import {access, mkdir, readdir, readFile, rename, rm} from 'node:fs/promises'
import {homedir} from 'node:os'
import {dirname, join} from 'node:path'
import {alone, isAlive} from './alone.ts'
import {goBuild, goVersion, kubernetesVersion, modules} from './go-toolchain.ts'

/** Paths of the programs. */
export interface Assets {
  readonly etcd: string
  readonly kubeApiserver: string
}
/** `missing`: why there are none on this machine, in one line. */
export type FoundAssets = {readonly assets: Assets} | {readonly missing: string}

/**
 * etcd and kube-apiserver: from $KUBEBUILDER_ASSETS (the convention of envtest), else built once from test/e2e/assets/go.mod and kept in the cache folder
 * of the user. @throws when $KUBEBUILDER_ASSETS is set but the programs are not in it
 */
export async function findAssets(env: NodeJS.ProcessEnv = process.env): Promise<FoundAssets> {
  if (env.KUBEBUILDER_ASSETS) return {assets: await assetsIn(env.KUBEBUILDER_ASSETS)}
  const toolchain = await goVersion()
  if ('missing' in toolchain) return toolchain
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'calico-doctor', 'e2e', await keyOf(toolchain.go))
  try {
    await alone(
      folder,
      () => isThere(folder),
      () => build(folder),
    )
  } catch (error) {
    return {missing: `etcd and kube-apiserver cannot be built: ${(error as Error).message}`}
  }
  return {assets: await assetsIn(folder)}
}

async function keyOf(go: string): Promise<string> {
  const files = await Promise.all(['go.mod', 'go.sum'].map(file => readFile(join(modules, file))))
  const hash = createHash('sha256').update(go)
  for (const file of files) hash.update(file)
  return hash.digest('hex')
}

async function assetsIn(folder: string): Promise<Assets> {
  const assets = {etcd: join(folder, 'etcd'), kubeApiserver: join(folder, 'kube-apiserver')}
  await Promise.all(Object.values(assets).map(file => access(file, constants.X_OK)))
  return assets
}

const isThere = (folder: string) =>
  assetsIn(folder).then(
    () => true,
    () => false,
  )

/** Under a name of its own first, so that a folder with the right name is whole. */
async function build(folder: string): Promise<void> {
  const version = await kubernetesVersion()
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version)!
  process.stderr.write(`e2e: building etcd and kube-apiserver ${version} from Go modules: minutes the first time, then kept in ${folder}\n`)
  const unfinished = `${folder}.${process.pid}`
  const variables = {gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean'}
  const ldflags = Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  await sweep(folder)
  try {
    await mkdir(unfinished, {recursive: true})
    await goBuild('go.etcd.io/etcd/server/v3', join(unfinished, 'etcd'))
    await goBuild('k8s.io/kubernetes/cmd/kube-apiserver', join(unfinished, 'kube-apiserver'), ldflags)
    await rm(folder, {recursive: true, force: true})
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, {recursive: true, force: true})
  }
}

/** What killed builds left, some hundred megabytes each. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    const pid = Number(/^[0-9a-f]{64}\.(\d+)$/.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) await rm(join(dirname(folder), name), {recursive: true, force: true})
  }
}
