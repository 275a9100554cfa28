/**
 * What came over BIRD's control socket so far, printed as the light client prints it (bird: client/client.c): `NNNN-text` goes on, `NNNN text` ends an
 * answer, a leading blank goes on under the last code, `+` is a message between answers. Code 0000 prints nothing.
 */
export class BirdReply {
  text = ''
  /** Answers that came to their end; the greeting is the first. */
  answers = 0
  #rest = ''

  /** Characters kept. */
  get size(): number {
    return this.text.length + this.#rest.length
  }

  add(chunk: string): void {
    const lines = `${this.#rest}${chunk}`.split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) this.#addLine(line)
  }

  #addLine(line: string): void {
    if (line.startsWith('+')) this.text += `>>> ${line.slice(1)}\n`
    else if (line.startsWith(' ')) this.text += `${line.slice(1)}\n`
    else if (/^\d{4}[ -]/.test(line)) this.#addCoded(line)
    else this.text += `??? <${line}>\n`
  }

  #addCoded(line: string): void {
    if (!line.startsWith('0000')) this.text += `${line.slice(5)}\n`
    if (line[4] === ' ') this.answers++
  }
}
