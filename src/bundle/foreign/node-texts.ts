import {birdArgv} from '../../calico/bird-sockets.ts'
import {alsoPartial} from '../../collectors/map-known.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import type {NodeDoor, ProbeOutput} from '../../engine/collector.ts'
import {type IpText, mergeIpTexts, readIpText} from './ip-text.ts'
import {protocolsIn} from './node-status-text.ts'

/** What a text of a node is. */
export type TextKind = 'bird-v4' | 'bird-v6' | 'node-status' | 'ip' | 'ip-json'

export interface NodeTexts {
  /** `saved`: by a person, who may have saved an excerpt. */
  add(node: string, kind: TextKind, text: string, saved?: boolean): void
  readonly nodes: () => readonly string[]
  /** Answers probes from the texts; what there is no text of is `not-collected`. */
  readonly door: (title: string) => NodeDoor
}

type Texts = Readonly<Record<TextKind, readonly string[]>> & {readonly saved: boolean}
const none: Texts = {'bird-v4': [], 'bird-v6': [], 'node-status': [], ip: [], 'ip-json': [], saved: false}

export function nodeTexts(): NodeTexts {
  const byNode = new Map<string, Texts>()
  return {
    nodes: () => [...byNode.keys()],
    add(node, kind, text, saved = false) {
      const texts = byNode.get(node) ?? none
      byNode.set(node, {...texts, [kind]: [...texts[kind], text], saved: texts.saved || saved})
    },
    door: title => ({
      ask: async ({name}, probes) => {
        const texts = byNode.get(name) ?? none
        const missing = (source: string) => unknown('not-collected', `${title} does not hold what the node says (${source.replace(/^node\//, '')})`)
        return new Map([...probes.keys()].map(source => [source, answerOf(source, texts) ?? missing(source)]))
      },
    }),
  }
}

function answerOf(source: string, texts: Texts): Collected<ProbeOutput> | undefined {
  const answer = outputs[source]?.(texts)
  return answer && alsoPartial(answer, texts.saved ? 'a saved output, which may be an excerpt' : undefined)
}

type Answer = (texts: Texts) => Collected<ProbeOutput> | undefined
const outputs: Readonly<Record<string, Answer>> = {
  'node/bird-v4': texts => protocols(texts['bird-v4'], 4) ?? nodeStatus(texts['node-status'], 4),
  'node/bird-v6': texts => protocols(texts['bird-v6'], 6) ?? nodeStatus(texts['node-status'], 6),
  'node/bird-details-v4': texts => details(texts['bird-v4'], 4),
  'node/bird-details-v6': texts => details(texts['bird-v6'], 6),
  'node/bird-wide-v4': texts => details(texts['bird-v4'], 4),
  'node/bird-wide-v6': texts => details(texts['bird-v6'], 6),
  'node/links': links,
}

/** Says what `show protocols` says, and, indented, what only `all` adds. */
const isDetail = (line: string) => /^\s/.test(line)
const noConnection = 'Unable to connect to server control socket'

function protocols(texts: readonly string[], family: 4 | 6): Collected<ProbeOutput> | undefined {
  const [text] = texts
  if (text === undefined) return undefined
  const rows = text.split('\n').filter(line => !isDetail(line))
  return outputOf(birdArgv(family, 'show', 'protocols'), rows.join('\n'), text.includes(noConnection) ? 1 : 0, twice(texts))
}

/** calicoctl shows no sessions but those that Calico made. */
function nodeStatus(texts: readonly string[], family: 4 | 6): Collected<ProbeOutput> | undefined {
  const found = texts.map(text => protocolsIn(text, family)).find(Boolean)
  if (!found) return undefined
  const partial = `from the table of calicoctl node status${found.whole ? '' : ', not every row of which could be read'}`
  return outputOf(birdArgv(family, 'show', 'protocols'), found.rows, 0, partial)
}

/** Only `show protocols all` tells it. */
function details(texts: readonly string[], family: 4 | 6): Collected<ProbeOutput> | undefined {
  const text = texts.find(some => some.split('\n').some(line => /^\s+BGP state:/.test(line)))
  return text === undefined ? undefined : outputOf(birdArgv(family, 'show', 'protocols', 'all'), text, 0, twice(texts))
}

/** Our readers know iproute2's JSON; text becomes that, and what it cannot tell is said. */
function links(texts: Texts): Collected<ProbeOutput> | undefined {
  const [json] = texts['ip-json']
  if (json !== undefined) return outputOf(['ip', '-j', '-d', 'addr'], json, 0, twice(texts['ip-json']))
  if (texts.ip.length === 0) return undefined
  const seen: IpText = mergeIpTexts(texts.ip.map(readIpText))
  // `ip -4 addr` leaves out interfaces without such an address, and lo's `link/loopback` line.
  const whole = seen.links.length > 0 && seen.links.every(({address}) => address !== undefined)
  const lacks = [...(seen.detailed ? [] : ['no kinds of interfaces']), ...(whole ? [] : ['perhaps not all interfaces'])]
  const partial = lacks.length > 0 ? `from the text of ip addr, which tells ${lacks.join(' and ')}` : undefined
  return outputOf(['ip', 'addr'], JSON.stringify(seen.links), 0, partial)
}

const twice = (texts: readonly string[]) =>
  texts.some(text => text !== texts[0]) ? 'there are several such outputs of this node; the first was read' : undefined

const outputOf = (argv: readonly string[], stdout: string, exit: number, partial: string | undefined): Collected<ProbeOutput> =>
  known({argv, exit, stdout, stderr: ''}, partial)
