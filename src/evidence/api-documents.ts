import type {Printed} from './api-yaml.ts'

/** YAML documents that together keep below a limit: the first ones, whole. */
export interface Documents {
  add(document: Printed): void
  /** Said at the end, once: what is not there. */
  remark(text: string): void
  readonly truncated: boolean
  readonly struckOut: number
  text(): string
}

/** Room for what is said at the end. */
const reserve = 4_096

export function documentsWithin(maxBytes: number): Documents {
  const kept: string[] = []
  const remarks: string[] = []
  let [bytes, seen, struckOut] = [0, 0, 0]
  return {
    add(document) {
      seen++
      const size = Buffer.byteLength(document.text) + 4
      // Once one did not fit, no later one is let in before it: what is there is the beginning.
      if (kept.length + 1 < seen || bytes + size > maxBytes - reserve) return
      kept.push(document.text)
      bytes += size
      struckOut += document.struckOut
    },
    remark: text => {
      remarks.push(`# ${text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 2_000)}\n`)
    },
    get truncated() {
      return kept.length < seen
    },
    get struckOut() {
      return struckOut
    },
    text() {
      const cut = kept.length < seen ? `# Cut here: ${kept.length} of ${seen} objects fit.\n` : ''
      const none = seen === 0 && remarks.length === 0 ? '# There is none.\n' : ''
      return `${kept.join('---\n')}${cut}${none}${remarks.join('')}`
    },
  }
}
