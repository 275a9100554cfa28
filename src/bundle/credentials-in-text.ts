import {strikeShapes, struck} from './credential-shapes.ts'
import {type Range, valueAt} from './credential-value.ts'

export {struck} from './credential-shapes.ts'

/** Names that credentials go by: environment variables, flags, keys of JSON, YAML and BIRD's configuration. */
const credential =
  'pass(?:word|wd|phrase)|[a-z0-9]_(?:pass|pwd)(?![a-z])|secret|token|credential|authorization|dockerconfigjson|(?:api|access|private|client|auth|encryption|shared|psk|account|signing|master|storage|license)[-_]?key|psk'
const isCredential = new RegExp(credential, 'i')
/** They name or locate a credential and are none: `ETCD_KEY_FILE`, `secretName`, `secretKeyRef`, `tokenExpirationSeconds`. */
const isReference = /(?:files?|paths?|dirs?|refs?|names?|namespaces?|types?|seconds|ttl|enabled|required)$/i
const notWorthStriking = new Set(['', 'true', 'false', 'null', 'nil', '{}', '[]', '<nil>', '""', "''", struck])

/** Does a value under this name look like a credential? */
export const namesCredential = (name: string): boolean => isCredential.test(name) && !isReference.test(name)

/** Strikes out what looks like a credential in any text: logs, configuration, JSON, command lines. Returns the same string when there is none. */
export function strikeText(text: string): string {
  return strikeShapes(strikeRanges(strikeRanges(strikeRanges(text, namedIn), ofFlagsIn), ofVariablesIn))
}

function strikeRanges(text: string, rangesIn: (text: string) => Generator<Range>): string {
  let out = ''
  let done = 0
  for (const {start, end} of rangesIn(text)) {
    if (start < done || notWorthStriking.has(text.slice(start, end).trim())) continue
    out += text.slice(done, start) + struck
    done = end
  }
  return done === 0 ? text : out + text.slice(done)
}

/** `password: x`, `"token": "x"`, `--api-key=x`, `password "x";`: where the value begins. Bounded, so that no text takes more than linear time. */
const head = new RegExp(String.raw`(?:${credential})([\w-]{0,60})(?:\\{0,3}["'])?[ \t]{0,8}(?:([:=])[ \t]{0,8}|[ \t](?=\\{0,3}["']))`, 'gi')

function* namedIn(text: string): Generator<Range> {
  let done = 0
  for (const match of text.matchAll(head)) {
    const start = match.index + match[0].length
    // Only a password is followed by its value without a sign between, as in BIRD's configuration: `secret "typha-certs" not found` is none.
    if (start < done || isReference.test(match[1]!) || (match[2] === undefined && !/^pass/i.test(match[0]))) continue
    const value = match[2] === ':' && endsUrl(text, match.index) ? undefined : valueAt(text, start, {separator: match[2], name: match[0], from: match.index})
    if (value === undefined) continue
    done = value.end
    yield value
  }
}

/** `Post "https://10.96.0.1/…/serviceaccounts/calico-cni-plugin/token": dial tcp: connection refused` is what a CNI that cannot reach the API says. */
const endsUrl = (text: string, at: number) => text[at - 1] === '/' && /:\/\/[^\s"']*$/.test(text.slice(Math.max(0, at - 300), at))

/** `--token x`, and as Go, JSON and YAML print arguments: `["--token" "x"]`, `["--token","x"]`, `[--token, x]`. Prose about a flag goes on with a word such as these. */
const flag =
  /(?<![\w-])--?([a-z][\w-]{0,60})(?:[ \t]{1,8}|,[ \t]{0,8}|[ \t]{0,8}\r?\n[ \t]{0,80}- {1,4}|\\{0,3}["'][ \t]{0,8},?[ \t]{0,8})(?:\\{0,3}["'])?(?!(?:has|have|is|are|was|were|to|and|or|in|of|for|must|may|not|flag|option)\b)[^\s"'\\-][^\s"'\\]{0,8192}/gi

function* ofFlagsIn(text: string): Generator<Range> {
  for (const {0: all, 1: name, index} of text.matchAll(flag)) {
    if (!namesCredential(name!)) continue
    const value = /[^\s"'\\]+$/.exec(all)!
    yield {start: index + value.index, end: index + all.length}
  }
}

/** A variable as JSON, YAML and Go print it: `{"name":"DB_PASSWORD","value":"x"}`, `{Name:DB_PASSWORD Value:x ValueFrom:nil}`. */
const variable =
  /\bname(?:\\{0,3}["'])?[ \t]{0,4}:[ \t]{0,4}(?:\\{0,3}["'])?([\w.-]{1,100})(?:\\{0,3}["'])?[\s,]{1,80}(?:\\{0,3}["'])?value(?:\\{0,3}["'])?[ \t]{0,4}:([ \t]{0,8})/gi

function* ofVariablesIn(text: string): Generator<Range> {
  for (const {0: all, 1: name, 2: blank, index} of text.matchAll(variable)) {
    if (!namesCredential(name!)) continue
    const value = valueAt(text, index + all.length, {separator: blank === '' ? '=' : ':', name: 'password', from: index + all.length})
    if (value) yield value
  }
}
