/** Kubernetes label selectors as kubectl's -l takes them: `a=b,c!=d,e,!f,g in (h,i),j notin (k)`. Not Calico's selectors, which have a grammar of their own. */
export function matchesLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return requirements(selector).every(requirement => holds(labels, requirement))
}

/** Whether it can be read at all: what kubectl refuses must not be taken for a key that no node has. */
export const isLabelSelector = (selector: string): boolean => requirements(selector).length > 0 && requirements(selector).every(part => requirement.test(part))

/** Keys and values as kube-apiserver allows them, without their lengths. */
const [key, value] = [String.raw`[A-Za-z0-9][\w./-]*`, '[\\w.-]*']
const requirement = new RegExp(String.raw`^(?:!\s*${key}|${key}(?:\s*(?:==?|!=)\s*${value}|\s+(?:in|notin)\s*\(\s*${value}(?:\s*,\s*${value})*\s*\))?)$`)

const requirements = (selector: string) =>
  selector
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(Boolean)

function holds(labels: Readonly<Record<string, string>>, requirement: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement)
  if (set) {
    const values = set[3]!.split(',').map(value => value.trim())
    const isIn = Object.hasOwn(labels, set[1]!) && values.includes(labels[set[1]!]!)
    return set[2] === 'in' ? isIn : !isIn
  }
  if (requirement.startsWith('!')) return !Object.hasOwn(labels, requirement.slice(1).trim())
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(requirement)
  if (!equality) return Object.hasOwn(labels, requirement)
  const equal = Object.hasOwn(labels, equality[1]!) && labels[equality[1]!] === equality[3]
  return equality[2] === '!=' ? !equal : equal
}
