import {execFile, spawn} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Where test/e2e/assets/go.mod is. */
export const modules = join(import.meta.dirname, 'assets')
/** No C compiler is needed, and no other toolchain is fetched in place of the one that is installed. */
const goEnv = {...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local'}
const oldest = [1, 26]

/** `go1.26.8`, or why there is no Go that can build, in one line. */
export function goVersion(): Promise<{go: string} | {missing: string}> {
  return new Promise(resolve => {
    execFile('go', ['env', 'GOVERSION'], {env: goEnv, cwd: tmpdir()}, (error, stdout) => {
      const go = stdout.trim()
      if (error) return resolve({missing: 'KUBEBUILDER_ASSETS is not set, and there is no go to build etcd and kube-apiserver with'})
      resolve(isNewEnough(go) ? {go} : {missing: `KUBEBUILDER_ASSETS is not set, and ${go || 'this go'} is older than go${oldest.join('.')}`})
    })
  })
}

function isNewEnough(go: string): boolean {
  const [major = 0, minor = 0] = go.replace(/^go/, '').split('.').map(Number)
  return major > oldest[0]! || (major === oldest[0] && minor >= oldest[1]!)
}

/** `v1.36.1`: what /version shall say; `go build` of a module knows its version, but kube-apiserver does not ask it. */
export async function kubernetesVersion(): Promise<string> {
  const text = await readFile(join(modules, 'go.mod'), 'utf8')
  const version = /\sk8s\.io\/kubernetes (v\d+\.\d+\.\d+)\b/.exec(text)?.[1]
  if (version === undefined) throw new Error('test/e2e/assets/go.mod requires no k8s.io/kubernetes')
  return version
}

/** Builds one command of the pinned modules. Rejects with Go's last line. */
export function goBuild(module: string, output: string, ldflags: readonly string[] = []): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['-n', '10', 'go', 'build', '-ldflags', ['-s', '-w', ...ldflags].join(' '), '-o', output, module]
    const build = spawn('nice', args, {cwd: modules, env: goEnv, stdio: ['ignore', 'ignore', 'pipe']})
    let said = ''
    build.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000)
    })
    build.once('error', reject)
    build.once('close', code => (code === 0 ? resolve() : reject(new Error(`go build ${module}: ${said.trim().split('\n').at(-1)}`))))
  })
}
