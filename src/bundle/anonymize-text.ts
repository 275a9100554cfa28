import {saidBefore} from './anonymize-fields.ts'
import type {Pseudonyms} from './anonymize-pseudonyms.ts'
import {anonymousWord, type Word} from './anonymize-word.ts'

/** So many words are remembered: most of a bundle is the same words again. */
const mostRemembered = 200_000
const longestWord = 1_024

const inWord = new Uint8Array(128)
for (const sign of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-@') inWord[sign.charCodeAt(0)] = 1
const [slash, backslash, percent] = [47, 92, 37]

const clouds =
  /^(?:aws|azure|gce|openstack|vsphere|kind|digitalocean|linode|hcloud|ibm|oci|alicloud|packet|equinixmetal|baremetalhost|metal3|k3s|nutanix|proxmox|moid|harvester|vultr|exoscale)$/
const protocols = /^(?:https?|tcp|tls|udp|grpc|etcd|wss?|ssh|git|s?ftp|ldaps?|smtps?|nfs|dns)$/

/** The text with every name, address and domain replaced. Linear: one pass over its words, each looked up. Never throws. */
export type AnonymizeText = (text: string) => string

export function textAnonymizer(pseudonyms: Pseudonyms): AnonymizeText {
  const remembered = new Map<string, Word>()
  const wordOf = (run: string, prefix: number | undefined): Word => {
    const key = prefix === undefined ? run : `${run}/${prefix}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    if (remembered.size >= mostRemembered) remembered.clear()
    const made = anonymousWord(run, pseudonyms, {prefix})
    remembered.set(key, made)
    return made
  }
  return text => anonymized(withoutCertificates(text), pseudonyms, wordOf)
}

/** Certificates name hosts where no search finds them. */
const certificates = [/-----BEGIN CERTIFICATE-----[\s\S]*?(?:-----END CERTIFICATE-----|$)/g, /LS0tLS1CRUdJTiBD[\w+/=]+/g]
const withoutCertificates = (text: string) =>
  text.includes('BEGIN CERT') || text.includes('LS0tLS1CRUdJTiBD') ? certificates.reduce((rest, pattern) => rest.replace(pattern, '(certificate)'), text) : text

function anonymized(text: string, pseudonyms: Pseudonyms, wordOf: (run: string, prefix: number | undefined) => Word): string {
  let out = ''
  let done = 0
  let host = -1
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code >= 128 || inWord[code] !== 1) {
      at += code === backslash ? escaped(text, at) : code === percent && /^%[0-9A-Fa-f]{2}/.test(text.slice(at, at + 3)) ? 3 : 1
      continue
    }
    const start = at
    while (at < text.length && text.charCodeAt(at) < 128 && inWord[text.charCodeAt(at)] === 1) at++
    const cloud =
      text.charCodeAt(at) === slash && text.charCodeAt(at - 1) === 58 && text.charCodeAt(at + 1) === slash ? text.slice(start, at - 1).toLowerCase() : ''
    if (cloud !== '' && clouds.test(cloud)) {
      const end = endOfUrl(text, at)
      const id = text.slice(at, end)
      out += `${text.slice(done, at)}///${pseudonyms.hashes.of('cloud', id)}`
      at = done = end
      continue
    }
    if (cloud !== '' && protocols.test(cloud)) host = at + 2
    if (at - start > longestWord) continue
    const run = text.slice(start, at)
    const word = start === host ? anonymousWord(run, pseudonyms, {host: true}) : wordOf(run, prefixAt(text, at))
    const image = typeof word === 'string' ? word : fieldWord(word, text, start, run)
    if (image === run) continue
    out += text.slice(done, start) + image
    done = at
  }
  return done === 0 ? text : out + text.slice(done)
}

function fieldWord({lead, name, trail, pseudonym}: Exclude<Word, string>, text: string, start: number, run: string): string {
  const before = text.slice(Math.max(0, start + lead.length - 72), start + lead.length)
  return saidBefore(before, name, pseudonym) || isOfPod(text, start + run.length, pseudonym.kind) ? lead + pseudonym.name + trail : run
}

/** `web/billing-7d9c6b5f4-x7k2p`: a namespace before its pod. */
const isOfPod = (text: string, end: number, kind: string) =>
  kind === 'namespace' && /^\/[a-z0-9][a-z0-9-]*-[a-z0-9]{5}(?![\w-])/.test(text.slice(end, end + 80))

/** `\n`, `\"`, `\u0041` in a text that is itself JSON or quoted by Go. */
function escaped(text: string, at: number): number {
  const next = text[at + 1]
  if (next === 'u' && /^[0-9a-fA-F]{4}/.test(text.slice(at + 2, at + 6))) return 6
  return next !== undefined && 'nrtbf\\"/'.includes(next) ? 2 : 1
}

function prefixAt(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== slash) return undefined
  const [, digits] = /^\/(\d{1,3})(?![\w.])/.exec(text.slice(at, at + 6)) ?? []
  return digits === undefined ? undefined : Number(digits)
}

function endOfUrl(text: string, at: number): number {
  const stop = /[\s"'`,;)\]}<>\\]/g
  stop.lastIndex = at
  return stop.exec(text)?.index ?? text.length
}
