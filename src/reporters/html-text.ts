/** Text that is HTML already. Everything else that is put into a page is escaped. */
export interface Html {
  readonly html: string
}
type Part = Html | string | number | readonly Html[]

/** Every value put in is escaped, unless it was made here. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {html: texts.map((text, index) => text + (index < parts.length ? markup(parts[index]!) : '')).join('')}
}
export const nothing: Html = {html: ''}

function markup(part: Part): string {
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(({html: text}) => text).join('\n')
}

const escaped = (text: string) => text.replaceAll(/[&<>"'`]/g, sign => `&#${sign.charCodeAt(0)};`)
