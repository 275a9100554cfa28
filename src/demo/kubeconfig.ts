const contextName = 'calico-doctor-demo'

/** A kubeconfig as kubeadm writes it: CA inline, one context, one user with a token. */
export function kubeconfigFor({url, ca, token}: {url: string; ca: string; token: string}): string {
  return `apiVersion: v1
kind: Config
current-context: ${contextName}
clusters:
- name: ${contextName}
  cluster:
    server: ${url}
    certificate-authority-data: ${Buffer.from(ca).toString('base64')}
contexts:
- name: ${contextName}
  context:
    cluster: ${contextName}
    user: ${contextName}
users:
- name: ${contextName}
  user:
    token: ${JSON.stringify(token)}
`
}
