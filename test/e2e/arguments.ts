import {join} from 'node:path'
import {issuer} from './service-account-token.ts'

interface EtcdPlace {
  readonly folder: string
  readonly port: number
  readonly peerPort: number
}
/** TLS and client certificates as kubeadm sets etcd up; writes are not flushed, since nobody needs them after a crash. */
export function etcdArgs({folder, port, peerPort}: EtcdPlace): string[] {
  const client = `https://127.0.0.1:${port}`
  const peer = `http://127.0.0.1:${peerPort}`
  return [
    '--name=e2e',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=e2e=${peer}`,
    `--cert-file=${join(folder, 'etcd-server.crt')}`,
    `--key-file=${join(folder, 'etcd-server.key')}`,
    `--trusted-ca-file=${join(folder, 'etcd-ca.crt')}`,
    '--client-cert-auth',
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]
}

interface ApiServerPlace {
  readonly folder: string
  readonly port: number
  readonly etcdPort: number
  readonly serviceCidr: string
}
/** No controllers and no scheduler run here, so admission that waits for them or fills in what kubelets and controllers would is off. */
const withoutControllers = ['ServiceAccount', 'TaintNodesByCondition', 'DefaultTolerationSeconds']

export function apiServerArgs({folder, port, etcdPort, serviceCidr}: ApiServerPlace): string[] {
  const file = (name: string) => join(folder, name)
  return [
    `--etcd-servers=https://127.0.0.1:${etcdPort}`,
    `--etcd-cafile=${file('etcd-ca.crt')}`,
    `--etcd-certfile=${file('etcd-client.crt')}`,
    `--etcd-keyfile=${file('etcd-client.key')}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // Endpoints on loopback are refused by validation; tests put their own there.
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    `--service-cluster-ip-range=${serviceCidr}`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${file('accounts.pub')}`,
    `--service-account-signing-key-file=${file('accounts.key')}`,
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    // Nodes keep the addresses of their scenario; where their kubelet really listens stands beside them.
    '--kubelet-preferred-address-types=InternalDNS',
    `--proxy-client-cert-file=${file('kubelet-client.crt')}`,
    `--proxy-client-key-file=${file('kubelet-client.key')}`,
    `--requestheader-client-ca-file=${file('ca.crt')}`,
    '--requestheader-allowed-names=kube-apiserver-kubelet-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    `--disable-admission-plugins=${withoutControllers.join(',')}`,
    `--audit-policy-file=${file('audit-policy.json')}`,
    `--audit-log-path=${file('audit.log')}`,
    '--audit-log-mode=blocking',
  ]
}
