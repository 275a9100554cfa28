import type {CommandOutput} from './simulated-node.ts'

/** A framed script of src/engine/probe-script.ts, read back. */
export interface ProbeCalls {
  readonly nonce: string
  readonly probes: readonly {readonly name: string; readonly tries: readonly ProbeTry[]}[]
}
export interface ProbeTry {
  /** What `sed Nq` lets through. */
  readonly maxLines: number
  readonly argv: readonly string[]
}

/** undefined for any other script. */
export function readProbeScript(script: string): ProbeCalls | undefined {
  const nonce = /printf '\\n(\S+) begin %s %s\\n'/.exec(script)?.[1]
  const start = script.indexOf('} 4>&1\n')
  if (nonce === undefined || start < 0) return undefined
  const reader = new Words(script, start + '} 4>&1\n'.length)
  const probes: {name: string; tries: ProbeTry[]}[] = []
  while (reader.skip('n=')) {
    const name = reader.word()
    const tries: ProbeTry[] = []
    do tries.push(readTry(reader))
    while (reader.skip(' || '))
    reader.skip('\n')
    probes.push({name, tries})
  }
  return {nonce, probes}
}

/** `{ i=0; p 20001 'cat' '/proc/version'; }` */
function readTry(reader: Words): ProbeTry {
  reader.until(' p ')
  const maxLines = Number(reader.until(' '))
  const argv: string[] = []
  do argv.push(reader.word())
  while (reader.skip(' '))
  reader.skip('; }')
  return {maxLines, argv}
}

/** A cursor over the script's single-quoted words; `'\''` is a quote inside one. */
class Words {
  readonly #text: string
  #at: number
  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  until(text: string): string {
    const found = this.#text.indexOf(text, this.#at)
    const end = found < 0 ? this.#text.length : found
    const passed = this.#text.slice(this.#at, end)
    this.#at = Math.min(end + text.length, this.#text.length)
    return passed
  }

  word(): string {
    this.until("'")
    let word = this.until("'")
    while (this.skip(String.raw`\''`)) word += `'${this.until("'")}`
    return word
  }
}

/** Both streams as the script would have printed them: frames with the nonce, the next try where an image lacks the command. */
export function answerProbes({nonce, probes}: ProbeCalls, run: (argv: readonly string[]) => CommandOutput): {stdout: string; stderr: string} {
  let stdout = ''
  let stderr = ''
  for (const {name, tries} of probes) {
    for (const [index, {argv, maxLines}] of tries.entries()) {
      const output = run(argv)
      const begin = `\n${nonce} begin ${name} ${index}\n`
      const end = `\n${nonce} end ${name} ${index} ${output.exit}\n`
      stdout += begin + firstLines(output.stdout, maxLines) + end
      stderr += begin + output.stderr + end
      if (output.exit !== 126 && output.exit !== 127) break
    }
  }
  return {stdout, stderr}
}

/** `sed Nq` */
function firstLines(text: string, count: number): string {
  let at = -1
  for (let line = 0; line < count; line++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return text
  }
  return text.slice(0, at + 1)
}
