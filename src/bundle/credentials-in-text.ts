/** What stands where a credential stood. One word without blanks, so that striking out twice changes nothing. */
export const struck = '(struck-out)'

/** Names that credentials go by: environment variables, flags, keys of JSON, YAML and BIRD's configuration. */
const credential = 'pass(?:word|wd|phrase)|secret|token|credential|authorization|(?:api|access|private|client|auth|encryption|shared|psk)[-_]?key|psk'
const isCredential = new RegExp(credential, 'i')
/** They name or locate a credential and are none: `ETCD_KEY_FILE`, `secretName`, `secretKeyRef`, `tokenExpirationSeconds`. */
const isReference = /(?:files?|paths?|dirs?|refs?|names?|namespaces?|types?|seconds|ttl|enabled|required)$/i
const notWorthStriking = new Set(['', 'true', 'false', 'null', 'nil', '{}', '[]', '<nil>', '""', "''", struck])

/** Does a value under this name look like a credential? */
export const namesCredential = (name: string): boolean => isCredential.test(name) && !isReference.test(name)

/** `password: x`, `"token": "x"`, `--api-key=x`, `password "x";`: where the value begins. Bounded, so that no text takes more than linear time. */
const head = new RegExp(String.raw`(?:${credential})([\w-]{0,60})(?:\\{0,3}["'])?[ \t]{0,8}(?:([:=])[ \t]{0,8}|[ \t](?=\\{0,3}["']))`, 'gi')

const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, struck],
  // A PEM in base64, as kubeconfigs hold it; `BD` goes on to `BEGIN CERTIFICATE`, which is public.
  [/LS0tLS1CRUdJTi(?!BD)[\w+/=]+/g, struck],
  [/(?<![\w-])eyJ[\w-]{4,8192}\.[\w-]{4,8192}\.[\w-]{0,8192}/g, struck],
  [/\b(Bearer|Basic)[ \t]{1,8}[\w.~+/=-]{8,}/gi, `$1 ${struck}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, struck],
  [/(:\/\/)[^\s/"'?#@:]{0,256}:[^\s/"'?#]{0,4096}@/g, `$1${struck}@`],
]

/** Strikes out what looks like a credential in any text: logs, configuration, JSON, command lines. Returns the same string when there is none. */
export function strikeText(text: string): string {
  return patterns.reduce((rest, [pattern, by]) => rest.replace(pattern, by), strikeNamed(text))
}

function strikeNamed(text: string): string {
  let out = ''
  let done = 0
  for (const match of text.matchAll(head)) {
    const start = match.index + match[0].length
    // Only a password is followed by its value without a sign between, as in BIRD's configuration: `secret "typha-certs" not found` is none.
    if (start < done || isReference.test(match[1]!) || (match[2] === undefined && !/^pass/i.test(match[0]))) continue
    const value = valueAt(text, start, match[2])
    if (notWorthStriking.has(text.slice(value.start, value.end).trim())) continue
    out += text.slice(done, value.start) + struck
    done = value.end
  }
  return done === 0 ? text : out + text.slice(done)
}

/** Quoted: up to the same quote. After `=`: up to a blank. After `:`: the rest of the line, for YAML needs no quotes around blanks. */
function valueAt(text: string, from: number, separator: string | undefined): {start: number; end: number} {
  const quote = /\\{0,3}["']/y
  quote.lastIndex = from
  const [mark] = quote.exec(text) ?? []
  if (mark !== undefined) {
    const start = from + mark.length
    return {start, end: closing(text, start, mark)}
  }
  const stop = separator === '=' ? /[\s"'\\,;&]/g : /[\r\n"'\\]/g
  stop.lastIndex = from
  return {start: from, end: stop.exec(text)?.index ?? text.length}
}

/** A quote with more backslashes before it than the opening one is part of the value. */
function closing(text: string, start: number, mark: string): number {
  for (let at = text.indexOf(mark, start); at >= 0; at = text.indexOf(mark, at + 1)) if (text[at - 1] !== '\\') return at
  return text.length
}
