/** What GitHub makes a link, a mention, a reference, an emoji or a formula of, whatever is escaped: only code is left alone (docs.github.com, "Autolinked references"). */
const linked = /[@#$]|:\/\/|www\.|GH-\d|:[\w+-]+:|(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/i

/** Running text that printable has made one line: markup is escaped, `code` that is closed stays code, and words that would become links stand in code. */
export function markdownText(words: string): string {
  const parts = words.trim().split('`')
  // Spans that touch would merge, so where a word must become code the backticks are text.
  const closed = parts.length % 2 === 1 && !words.includes('``') && !parts.some((part, index) => index % 2 === 0 && linked.test(part))
  if (!closed) return plain(words.trim())
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : plain(part))).join('')
}

const plain = (words: string) =>
  words
    .split(' ')
    .map(word => (linked.test(word) ? linkedWord(word) : escaped(word)))
    .join(' ')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/^[-+=:]/, sign => `\\${sign}`)

/** The comma after an address is no part of it. */
const linkedWord = (word: string) => {
  const end = /[,.;]*$/.exec(word)!.index
  return end === 0 ? code(word) : `${code(word.slice(0, end))}${word.slice(end)}`
}

const escaped = (word: string) =>
  word
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll(/[\\*[\]`~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, sign => `\\${sign}`)

/** A code span; as HTML where a backtick, a backslash or a bar would end it or a table's cell. */
export function code(word: string): string {
  if (/^ *$/.test(word)) return '\\`\\`'
  if (!/[`\\|]/.test(word)) return `\`${word}\``
  const escaped = word.replaceAll(/[^\p{L}\p{N}\p{M} ]/gu, character => `&#${character.codePointAt(0)};`)
  // GitHub links mail addresses inside <code> too, even when the @ is written as a number; an empty comment parts them.
  return `<code>${escaped.replaceAll('&#64;', '&#64;<!-- -->')}</code>`
}

/** A fence that no line inside can close. */
export function fence(lines: readonly string[], language: string, indent = ''): string {
  const longest = Math.max(2, ...lines.flatMap(line => line.match(/`+/g) ?? []).map(run => run.length))
  const bar = '`'.repeat(longest + 1)
  return [`${bar}${language}`, ...lines, bar].map(line => `${indent}${line}`).join('\n')
}
