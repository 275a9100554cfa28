/** A Linux kernel as `uname -r` names it: `5.15.0-91-generic`, `4.18.0-477.10.1.el8_8.x86_64`, `6.1.0-0.deb11`. */
export interface KernelVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** The vendor's own number after the dash: 477 of `4.18.0-477.10.1.el8_8.x86_64`; 0 when there is none. */
  readonly build: number
  /** Red Hat and its kin carry new features back into old numbers: 4.18 of el8 is no plain 4.18. */
  readonly redHat: boolean
}

/** Undefined for what is no kernel version. `osImage` of the node tells a Red Hat family whose kernel name does not say so. Never throws. */
export function parseKernel(text: string, osImage = ''): KernelVersion | undefined {
  const match = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,9}))?(?:-(\d{1,9}))?/.exec(text.slice(0, 200))
  if (!match) return undefined
  const [major, minor, patch, build] = match.slice(1).map(part => Number(part ?? 0)) as [number, number, number, number]
  return {major, minor, patch, build, redHat: /[._-]el\d/.test(text) || isRedHat(osImage)}
}

const isRedHat = (osImage: string) => /red hat|rhel|centos|rocky|alma|oracle linux/i.test(osImage)

export interface KernelMinimum {
  readonly general: string
  /** For Red Hat's 4.18 line. */
  readonly redHat: string
}
/** What Felix itself refuses to run eBPF below (felix/bpf/bpf.go); it then falls back with nothing but a line in its log. */
export const ebpfCodeMinimum: KernelMinimum = {general: '5.3.0', redHat: '4.18.0-193'}
/** What Calico's documentation asks for: 5.10, or RHEL 8.4. */
export const ebpfDocumentedMinimum: KernelMinimum = {general: '5.10.0', redHat: '4.18.0-305'}

/** At or above the minimum that counts for this kernel's family? */
export function meets(kernel: KernelVersion, minimum: KernelMinimum): boolean {
  const wanted = parseKernel(kernel.redHat ? minimum.redHat : minimum.general)
  return wanted !== undefined && compareKernels(kernel, wanted) >= 0
}

/** Below zero when `a` is older. The build counts only between equal numbers of one family. */
export function compareKernels(a: KernelVersion, b: KernelVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || a.build - b.build
}
