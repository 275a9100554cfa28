const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Namespaces of Kubernetes, Calico and its installers: everybody has them, and what is wrong is told by them. */
export const keptNamespaces = list(`
  default kube-system kube-public kube-node-lease kube-flannel calico-system calico-apiserver tigera-operator calico-vpp-dataplane
  openshift-dns openshift-apiserver openshift-monitoring platform9-system pf9-system tkg-system vmware-system-antrea`)

/** Workloads whose pods keep their names; what they hold of a node's name is replaced. */
export const keptWorkloads = list(`
  calico calico-node calico-node-windows calico-typha calico-kube-controllers calico-apiserver calico-webhooks calico-etcd canal canal-node tigera-operator csi-node-driver goldmane whisker
  typha install-cni coredns node-local-dns kube-proxy kube-flannel kube-flannel-ds kube-dns kube-apiserver kube-controller-manager kube-scheduler etcd kubernetes localhost
  metrics-server konnectivity-agent cloud-controller-manager kube-vip nginx-proxy local-path-provisioner`)

/**
 * What Calico, Kubernetes, BIRD and the kernel say in their answers, and readers look for: a node or namespace of such a name is replaced where a field
 * says that it is one, and nowhere else.
 */
const vocabulary = list(`
  node nodes pod pods namespace namespaces name host hosts hostname calico bird bird4 bird6 birdv4 birdv6 felix typha confd kernel static device direct main local master mesh global up down start
  stop wait feed flush idle active connect established passive close unknown info error warning true false none null all any default kube system public internal external
  linux windows amd64 arm64 kubernetes etcd etcdv3 docker containerd crio runc vxlan ipip wireguard iptables ip6tables nftables ebpf bgp ipam cni mtu veth bridge bond vlan
  dummy link links loopback scope proto table state since source address addresses route routes blackhole unreachable running terminated waiting ready pending failed succeeded
  completed always never crosssubnet enabled disabled auto automatic manual bytes metadata spec status kind labels annotations items data value key type version
  network networks interface service services deployment daemonset endpoint endpoints config controller operator daemon container image policy cluster inet inet6 ether
  bgpbackend tigera kubelet hostport portmap bandwidth bpf tunnel peer peers block blocks pool pools
  manifest report snapshot bundle evidence resources apiserver`)

/** Words that people name nodes and namespaces by and that stand in any text: replaced where a field names one, and not in prose. */
const common = list(`
  worker workers master control controlplane server servers agent agents client backend frontend proxy gateway ingress egress edge core infra infrastructure
  test tests testing dev devel develop development stage staging prod production preprod qa uat demo sandbox lab labs example sample
  web app apps application applications api apis cache queue store storage database data files file images monitoring metrics logs logging log events event security tools
  tool build builds deploy release user users admin group team project projects public private shared common base home site shop portal mail search auth login
  one two three first second last new old next other another more less high low north south east west left right red green blue black white orange
  a an the and or not to of in on at is was be by for from with this that it no yes can may will get set put add list show read write open run time date day hour
  failed found missing wrong invalid error errors timeout timed reset refused connection connected request response received sent send retry retries
  cloud domain context rack zone region body content media style table text files firewall footer header title section main tolerations foo bar baz hello world job jobs task tasks batch session sessions object objects update updates delete create created updated deleted`)

const isOfAll = (name: string) => keptWorkloads.has(name) || keptNamespaces.has(name)

export type Reach = 'anywhere' | 'fields'
/**
 * Where a name is replaced. One that could as well be a word, a number or a piece of hexadecimal is replaced only in fields that name a node, a namespace
 * or a pod; any other wherever it stands.
 */
export function reachOf(name: string): Reach {
  const text = name.toLowerCase()
  if (text.length < 4 || vocabulary.has(text) || common.has(text) || isOfAll(text)) return 'fields'
  if (/^[\d.:-]+$/.test(text) || /^v\d+(?:(?:alpha|beta)\d+)?$/.test(text) || (text.length < 8 && /^[0-9a-f]+$/.test(text) && /\d/.test(text))) return 'fields'
  return /^(?:eth|ens|enp|eno|bond|tunl|lo|wg|veth|br|dm|sd[a-z]|ipv)\d+$/.test(text) ? 'fields' : 'anywhere'
}
/** May a plain `name:` be taken for it? Objects and containers of everybody have these names. */
export const isVocabulary = (name: string): boolean => vocabulary.has(name.toLowerCase()) || isOfAll(name.toLowerCase())
