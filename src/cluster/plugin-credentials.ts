import {spawn} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {type Credential, CredentialError, type Credentials} from './credential.ts'
import type {Target} from './target.ts'
import {duration, firstLines, quoted, systemReason} from './words.ts'

/** client-node's authenticators, each as narrow an import as works: `KubeConfig`, which has them all, costs 320 ms of CPU; ExecAuth 4 ms. */
type Authenticator = import('@kubernetes/client-node/dist/auth.js').Authenticator
type User = import('@kubernetes/client-node').User
type Exec = Readonly<Record<string, unknown>> & {readonly command?: string}

/** A plugin that asks a browser or a cloud takes seconds; one that waits for a terminal would wait for ever. */
const pluginTimeoutMs = 60_000

/**
 * `exec` and `auth-provider` users. client-node's plugin runner knows no cluster information, runs the plugin once for each request that comes
 * before its first answer, and keeps what a 401 has refused; all three are mended here.
 */
export function pluginCredentials(target: Target): Credentials {
  let authenticator: Promise<Authenticator> | undefined
  let running: Promise<Credential> | undefined
  const ask = async () => {
    authenticator ??= authenticatorOf(target)
    const options: {headers: Record<string, string>; cert?: string; key?: string} = {headers: {}}
    await (await authenticator).applyAuthentication(await userFor(target), options)
    return {
      headers: Object.fromEntries(Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value])),
      ...(options.cert !== undefined && {certificate: options.cert}),
      ...(options.key !== undefined && {key: options.key}),
    }
  }
  return {
    get: () => {
      running ??= Promise.race([ask(), tooLate()])
        .catch(error => Promise.reject(explained(error, target)))
        .finally(() => {
          running = undefined
        })
      return running
    },
    renew: () => {
      authenticator = undefined
      return target.user.body.exec !== undefined
    },
  }
}

/** A plugin that was killed may leave children that hold its output open. */
const tooLate = () => new Promise<never>((_resolve, reject) => setTimeout(reject, pluginTimeoutMs + 1_000, new Error('')).unref())

async function authenticatorOf({user}: Target): Promise<Authenticator> {
  if (user.body.exec !== undefined) return execAuthenticator(user.body.exec as Exec)
  const {name} = user.body['auth-provider'] as {name?: unknown}
  switch (name) {
    case 'oidc':
      return new (await import('@kubernetes/client-node/dist/oidc_auth.js')).OpenIDConnectAuth()
    case 'azure':
      return new (await import('@kubernetes/client-node/dist/azure_auth.js')).AzureAuth()
    case 'gcp':
      return new (await import('@kubernetes/client-node/dist/gcp_auth.js')).GoogleCloudPlatformAuth()
    default:
      throw new CredentialError(
        `User ${quoted(user.name)} uses auth provider ${quoted(String(name))}, which is not known here.`,
        'Use a credential plugin (exec) or a token.',
      )
  }
}

async function execAuthenticator({command, interactiveMode}: Exec): Promise<Authenticator> {
  if (interactiveMode === 'Always')
    throw new CredentialError(
      `The credential plugin ${quoted(String(command))} wants a terminal (interactiveMode: Always).`,
      'Run kubectl get --raw /version first and use the token it leaves behind, or give --token.',
    )
  const {ExecAuth} = await import('@kubernetes/client-node/dist/exec_auth.js')
  const auth = new ExecAuth()
  // The only seam: it waits for ever for a plugin that does not end, and leaves it an open stdin to wait on.
  const run: typeof spawn = ((file: string, args: string[], options: object) =>
    spawn(file, args, {...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: pluginTimeoutMs, killSignal: 'SIGKILL'})) as never
  Object.assign(auth, {execFn: run})
  return auth
}

async function userFor(target: Target): Promise<User> {
  const {name, body} = target.user
  const exec = body.exec as (Exec & {env?: unknown}) | undefined
  if (!exec) return {name, authProvider: body['auth-provider']}
  const env = [...(Array.isArray(exec.env) ? exec.env : []), {name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(await execInfo(target, exec))}]
  return {name, exec: {...exec, env}}
}

/** What client-go tells a plugin (client-go: pkg/apis/clientauthentication). */
async function execInfo({cluster, server}: Target, {apiVersion = 'client.authentication.k8s.io/v1', provideClusterInfo}: Exec): Promise<object> {
  if (provideClusterInfo !== true) return {kind: 'ExecCredential', apiVersion, spec: {interactive: false}}
  const ca = cluster.ca && ('text' in cluster.ca ? cluster.ca.text : await readFile(cluster.ca.file, 'utf8'))
  const extensions: readonly {name?: unknown; extension?: unknown}[] = Array.isArray(cluster.body.extensions) ? cluster.body.extensions : []
  const info = {
    server: server.href.replace(/\/$/, ''),
    'tls-server-name': cluster.serverName,
    'insecure-skip-tls-verify': cluster.insecure || undefined,
    'certificate-authority-data': ca && Buffer.from(ca).toString('base64'),
    'proxy-url': cluster.proxyUrl,
    config: extensions.find(({name}) => name === 'client.authentication.k8s.io/exec')?.extension,
  }
  return {kind: 'ExecCredential', apiVersion, spec: {cluster: info, interactive: false}}
}

function explained(error: unknown, {user}: Target): CredentialError {
  if (error instanceof CredentialError) return error
  const {command, installHint} = (user.body.exec ?? {}) as {command?: unknown; installHint?: unknown}
  const name = command === undefined ? `The auth provider of user ${quoted(user.name)}` : `The credential plugin ${quoted(String(command))}`
  const {code} = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'EACCES') {
    const hint = typeof installHint === 'string' ? firstLines(installHint) : 'Install it, or put it on PATH.'
    return new CredentialError(`${name} of user ${quoted(user.name)} cannot be started: ${systemReason(error as NodeJS.ErrnoException)}.`, hint, {cause: error})
  }
  const said = isUnreadable(error)
    ? 'it printed no ExecCredential'
    : firstLines(String((error as Error).message)) || `no answer, or none within ${duration(pluginTimeoutMs)}`
  return new CredentialError(`${name} failed: ${said}`, 'Run kubectl get --raw /version: it runs the same plugin; log in again where it asks for that.', {
    cause: error,
  })
}

/** The runner parses what a plugin prints and reaches into it without a look. */
const isUnreadable = (error: unknown) => error instanceof SyntaxError || error instanceof TypeError
