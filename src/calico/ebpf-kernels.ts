import {compareKernels, ebpfCodeMinimum, ebpfDocumentedMinimum, type KernelVersion, meets, parseKernel} from './kernel-version.ts'
import type {KubeNode} from './kubernetes.ts'
import {nodeList} from './node-list.ts'

/**
 * supported: as Calico's documentation asks. undocumented: Felix starts eBPF, the documentation asks for more. tooOld and bigEndian: Felix goes back to
 * iptables or nftables. unread: no version in what the node says.
 */
export type KernelGrade = 'supported' | 'undocumented' | 'tooOld' | 'bigEndian' | 'unread'

/** What a node's kernel means for eBPF; the node's own words decide, as the kubelet gives them in status.nodeInfo. */
export function kernelGrade({kernelVersion, osImage, architecture}: Pick<KubeNode, 'kernelVersion' | 'osImage' | 'architecture'>): KernelGrade {
  if (bigEndian.includes(architecture)) return 'bigEndian'
  const kernel = parseKernel(kernelVersion, osImage)
  if (!kernel) return 'unread'
  if (!meets(kernel, ebpfCodeMinimum)) return 'tooOld'
  return isDocumented(kernel) ? 'supported' : 'undocumented'
}

/** SupportsBPFDataplane (felix/bpf/bpf.go) takes little-endian machines only. Names are Go's, as the kubelet writes them. */
const bigEndian: readonly string[] = ['s390x', 'ppc64', 'mips', 'mips64']

/** RHEL's exception is for its 4.18 line: the newer kernels that Oracle (UEK 5.4) and ELRepo build for el8 are plain ones. */
function isDocumented(kernel: KernelVersion): boolean {
  if (kernel.redHat && kernel.major === 4 && kernel.minor === 18) return meets(kernel, ebpfDocumentedMinimum)
  const general = parseKernel(ebpfDocumentedMinimum.general)
  return general !== undefined && compareKernels(kernel, general) >= 0
}

/** Whether these kernels could run eBPF, as the end of a sentence: `all 12 kernels would support it`, `too old for it: 2 nodes: a, b`. */
export function switchAnswer(nodes: readonly KubeNode[]): string {
  const byGrade = Map.groupBy(nodes, kernelGrade)
  const parts = (Object.keys(gradeText) as (keyof typeof gradeText)[]).flatMap(grade => {
    const names = byGrade.get(grade)?.map(({name}) => name) ?? []
    return names.length > 0 ? [`${gradeText[grade]}: ${nodeList(names)}`] : []
  })
  if (parts.length > 0) return parts.join('; ')
  return nodes.length === 1 ? 'its one kernel would support it' : `all ${nodes.length} kernels would support it`
}

const gradeText: Readonly<Record<Exclude<KernelGrade, 'supported'>, string>> = {
  tooOld: 'too old for it',
  bigEndian: 'big-endian, which it does not run on',
  undocumented: `older than Calico asks for it (${ebpfDocumentedMinimum.general.replace(/\.0$/, '')})`,
  unread: 'kernel version not understood',
}
