const list = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Domains of projects, not of anybody's cluster: API groups, labels, public registries, RFC 2606. What is below them stays too. */
const keptDomains = new Set(
  list(`
  kubernetes.io k8s.io x-k8s.io projectcalico.org tigera.io cluster.local quay.io docker.io docker.com gcr.io ghcr.io pkg.dev mcr.microsoft.com public.ecr.aws openshift.io
  coreos.com redhat.com rancher.io cattle.io k3s.io rke2.io microk8s.io cilium.io metallb.io metallb.universe.tf kubevirt.io istio.io cert-manager.io helm.sh argoproj.io fluxcd.io
  github.com golang.org githubusercontent.com cncf.io npcap.com tanzu.vmware.com registry.vmware.com packages.broadcom.com platform9.io kubespray.io example.com example.org
  example.net example test invalid localhost opencontainers.org elastic.co prometheus.io linuxfoundation.org iana.org ietf.org w3.org json-schema.org`),
)
/** Labels and annotations of clouds: the name itself stays, hosts below it are somebody's. */
const keptExactly = new Set(
  list(`
  eks.amazonaws.com vpc.amazonaws.com topology.ebs.csi.aws.com cloud.google.com container.googleapis.com kubernetes.azure.com k8s.amazonaws.com node.gke.io networking.gke.io
  storage.googleapis.com pool.ntp.org karpenter.sh`),
)
/** Last labels that are hardly anything but a domain's; `.go`, `.sh`, `.md`, `.so` end file names more often. */
const topLevels = new Set(
  list(`
  com net org edu gov mil int io biz dev app cloud tech systems services internal local lan corp home intranet localdomain private arpa domain
  eu de fr uk nl be at ch it es pt se no dk fi pl cz sk hu ro bg gr ie lu lt lv ee ru ua tr us ca mx br ar cl au nz jp cn tw hk sg kr za il ae sa ng ke ai co tv`),
)

/** Is it a host or a domain that is somebody's? A dotted word that ends as domains do, or below one that was seen. */
export function isDomain(text: string, seen: ReadonlySet<string>): boolean {
  const labels = text.toLowerCase().split('.')
  if (labels.length < 2 || text.length > 253 || !labels.every(label => /^(?:[a-z0-9_]|[a-z0-9_][a-z0-9_-]{0,61}[a-z0-9_])$/.test(label))) return false
  if (isKeptDomain(text)) return false
  return topLevels.has(labels.at(-1)!) || labels.some((_, index) => index < labels.length - 1 && seen.has(labels.slice(index).join('.')))
}

export function isKeptDomain(text: string): boolean {
  const labels = text.toLowerCase().split('.')
  if (keptExactly.has(labels.join('.')) || labels.at(-1) === 'svc') return true
  return labels.some((_, index) => keptDomains.has(labels.slice(index).join('.')))
}

/** Where a project's own domain begins in a word: `openshift.io` of `node.openshift.io` is no name, whatever a namespace is called; -1 when there is none. */
export function projectDomainAt(text: string): number {
  const lower = text.toLowerCase()
  for (let at = 0; at >= 0 && at < lower.length; at = lower.indexOf('.', at) < 0 ? -1 : lower.indexOf('.', at) + 1)
    if (keptDomains.has(lower.slice(at)) && lower.includes('.', at) && !lower.endsWith('cluster.local')) return at
  return -1
}

export interface DomainPseudonyms {
  /** The pseudonym of a domain or of a single label; the relation between a domain and those below it stays. Letters' case does not count. */
  readonly of: (domain: string) => string
  /** Domains that were given one, with what they became. */
  readonly given: ReadonlyMap<string, string>
}

/** `acme.com` → `domain-1.example`, `db.acme.com` → `host-1.domain-1.example`: RFC 2606 leaves `.example` to nobody. */
export function domainPseudonyms(): DomainPseudonyms {
  const given = new Map<string, string>()
  const pseudonym = (labels: readonly string[], from: number): string => {
    const name = labels.slice(from).join('.')
    const known = given.get(name)
    if (known !== undefined) return known
    const top = labels.length - from <= 2
    const made = top ? `domain-${given.size + 1}.example` : `host-${given.size + 1}.${pseudonym(labels, from + 1)}`
    given.set(name, made)
    return made
  }
  return {of: domain => (isKeptDomain(domain) ? domain : pseudonym(domain.toLowerCase().split('.'), 0)), given}
}
