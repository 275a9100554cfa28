/** Kubernetes label selectors as kubectl's -l takes them: `a=b,c!=d,e,!f,g in (h,i),j notin (k)`. Not Calico's selectors, which have a grammar of their own. */
export function matchesLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return requirements(selector).every(requirement => holds(labels, requirement))
}

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
