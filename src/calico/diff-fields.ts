import type {Fields} from './diff-values.ts'

/** Objects of Calico are four levels deep; a hostile one may be a million. */
const deepest = 8

/** An object as `calicoNetwork.linuxDataplane` → `Iptables`; a list is one value. Text that is JSON, as ConfigMaps hold it, is opened. */
export function flatten(value: unknown): Fields {
  const fields = new Map<string, string>()
  const visit = (item: unknown, path: string, depth: number): void => {
    if (item === undefined) return
    const opened = typeof item === 'string' ? fromJson(item) : item
    if (!isObject(opened) || depth > deepest) fields.set(path, textOf(item))
    else for (const [key, part] of Object.entries(opened)) visit(part, path === '' ? key : `${path}.${key}`, depth + 1)
  }
  visit(value, '', 0)
  return fields
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function fromJson(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
