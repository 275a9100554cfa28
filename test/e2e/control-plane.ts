import {cpSync, mkdirSync, writeFileSync} from 'node:fs'
import {cp} from 'node:fs/promises'
import {join} from 'node:path'
import {type Api, apiFor, type Identity} from './api.ts'
import {apiServerArgs, etcdArgs} from './arguments.ts'
import type {Assets} from './assets.ts'
import {type AuditEntry, auditPolicy, readAuditLog} from './audit-log.ts'
import {type Authority, type Issued, makeAuthority, makeKeyPair, type Subject} from './authority.ts'
import {type Daemon, startDaemon} from './daemon.ts'
import {freePorts} from './free-ports.ts'
import {ownFolder, removeFolder} from './leftovers.ts'
import {serviceAccountToken, type TokenOptions} from './service-account-token.ts'

export interface ControlPlaneOptions {
  readonly assets: Assets
  /** Default 10.96.0.0/12; the API server makes Service default/kubernetes and ServiceCIDR kubernetes from it. */
  readonly serviceCidr?: string
  /** Further arguments of kube-apiserver; a flag that is given again wins. */
  readonly flags?: readonly string[]
  /** Folder that `etcd.keep()` made: etcd starts with a copy of it. */
  readonly etcdData?: string
}
/** etcd and kube-apiserver on loopback, with nothing in them yet. */
export interface ControlPlane {
  /** `https://127.0.0.1:PORT` */
  readonly url: string
  /** PEM. */
  readonly ca: string
  /** gitVersion of /version. */
  readonly version: string
  /** system:masters, by a token of the static token file. */
  readonly admin: Api
  /** A user with a client certificate; without a binding it may do what system:authenticated may. */
  addUser(name: string, groups?: readonly string[]): Promise<Identity>
  /** As a service account, with a token that lives so many seconds. The account must be there. */
  addToken(options: TokenOptions): Identity
  /** What was asked so far, by everybody. */
  auditLog(): Promise<AuditEntry[]>
  /** A certificate that the API server trusts, for kubelets and aggregated API servers. */
  issue(subject: Subject): Promise<Issued>
  readonly etcd: Etcd
  readonly apiServer: {
    /** As a power cut would. */
    kill(): Promise<void>
    /** Anew on the same port; resolves when it is ready. */
    start(): Promise<void>
  }
  /** Removed by close(). */
  readonly folder: string
  /** Ends both processes, removes the folder. Runs by itself when this process ends; what a killed process left, the next one removes. */
  close(): Promise<void>
}
export interface Etcd {
  readonly endpoints: readonly string[]
  /** PEM of the authority of its certificate, and of a client's; another authority than the API server's. */
  readonly ca: string
  readonly client: Issued
  /** Issues further ones: expired, for nobody it knows. */
  readonly authority: Authority
  /** Ends etcd and copies its data into a folder that is not there yet; nothing can be asked any more. */
  keep(folder: string): Promise<void>
}

/** Seconds, once the programs are there. Leaves nothing behind when it throws. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(options)
    } catch (error) {
      // Between looking for a free port and listening on it another process may take it.
      if (tries === 3 || !/address already in use/.test(String(error))) throw error
    }
  }
}

async function start({assets, serviceCidr = '10.96.0.0/12', flags = [], etcdData}: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = ownFolder()
  const daemons: Daemon[] = []
  const close = closer(folder, daemons)
  try {
    const [port, etcdPort, peerPort] = (await freePorts(3)) as [number, number, number]
    const secrets = await makeSecrets()
    writeSecrets(folder, secrets)
    if (etcdData !== undefined) cpSync(etcdData, join(folder, 'etcd'), {recursive: true})
    const etcd = startDaemon(folder, assets.etcd, etcdArgs({folder, port: etcdPort, peerPort}))
    daemons.push(etcd)
    const startApiServer = () => startDaemon(folder, assets.kubeApiserver, [...apiServerArgs({folder, port, etcdPort, serviceCidr}), ...flags])
    daemons.push(startApiServer())
    const {authority, etcdAuthority, etcdClient, accountKeys} = secrets
    const server = {url: `https://127.0.0.1:${port}`, ca: authority.certificate}
    const admin = apiFor({...server, token: secrets.adminToken})
    await ready(admin, daemons)
    return {
      ...server,
      version: (await admin.must('GET', '/version')).gitVersion,
      admin,
      addUser: async (name, organisations = []) => ({...server, client: await authority.issue({name, organisations})}),
      addToken: account => ({...server, token: serviceAccountToken(accountKeys.privateKey, account)}),
      auditLog: () => readAuditLog(join(folder, 'audit.log')),
      issue: authority.issue,
      etcd: {
        endpoints: [`https://127.0.0.1:${etcdPort}`],
        ca: etcdAuthority.certificate,
        client: etcdClient,
        authority: etcdAuthority,
        keep: to => etcd.stop().then(() => cp(join(folder, 'etcd'), to, {recursive: true})),
      },
      apiServer: {
        kill: async () => daemons.at(-1)?.stop(),
        start: () => ready(admin, [etcd, daemons[daemons.push(startApiServer()) - 1]!]),
      },
      folder,
      close: () => (admin.close(), close()),
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Secrets = Awaited<ReturnType<typeof makeSecrets>>
async function makeSecrets() {
  const [authority, etcdAuthority, accountKeys] = await Promise.all([makeAuthority('e2e'), makeAuthority('e2e etcd'), makeKeyPair()])
  const [apiServer, kubeletClient, etcdServer, etcdClient] = await Promise.all([
    authority.issue({name: 'kube-apiserver', serves: ['127.0.0.1', 'localhost', 'kubernetes', 'kubernetes.default.svc']}),
    authority.issue({name: 'kube-apiserver-kubelet-client', organisations: ['kubeadm:cluster-admins']}),
    etcdAuthority.issue({name: 'etcd', serves: ['127.0.0.1', 'localhost']}),
    etcdAuthority.issue({name: 'calico'}),
  ])
  return {authority, etcdAuthority, accountKeys, apiServer, kubeletClient, etcdServer, etcdClient, adminToken: crypto.randomUUID()}
}

function writeSecrets(folder: string, secrets: Secrets): void {
  mkdirSync(join(folder, 'etcd'), {mode: 0o700})
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, {mode: 0o600})
  const pairs = {apiserver: secrets.apiServer, 'kubelet-client': secrets.kubeletClient, 'etcd-server': secrets.etcdServer, 'etcd-client': secrets.etcdClient}
  for (const [name, {certificate, key}] of Object.entries(pairs)) {
    write(`${name}.crt`, certificate)
    write(`${name}.key`, key)
  }
  write('ca.crt', secrets.authority.certificate)
  write('etcd-ca.crt', secrets.etcdAuthority.certificate)
  write('accounts.key', secrets.accountKeys.privateKey)
  write('accounts.pub', secrets.accountKeys.publicKey)
  write('tokens.csv', `${secrets.adminToken},e2e-admin,1,system:masters\n`)
  write('audit-policy.json', auditPolicy)
}

const patience = 60_000
const pause = () => new Promise(resolve => setTimeout(resolve, 50))

async function ready(admin: Api, daemons: readonly Daemon[]): Promise<void> {
  const deadline = performance.now() + patience
  for (;;) {
    const answer = await admin.ask('GET', '/readyz').catch((error: Error) => error)
    if (!(answer instanceof Error) && answer.status === 200) return
    for (const {name, ended, lastWords} of daemons) if (ended() !== undefined) throw new Error(`${name}: ${ended()}:\n${lastWords()}`)
    if (performance.now() > deadline)
      throw new Error(`kube-apiserver is not ready after ${patience / 1000} s: ${answer instanceof Error ? answer.message : answer.text}`)
    await pause()
  }
}

/** What is not closed yet; the end of the process closes it. */
const open = new Set<string>()
process.once('exit', () => {
  for (const folder of open) removeFolder(folder)
})

function closer(folder: string, daemons: readonly Daemon[]): () => Promise<void> {
  open.add(folder)
  return async () => {
    await Promise.all(daemons.map(daemon => daemon.stop()))
    open.delete(folder)
    removeFolder(folder)
  }
}
