import type {BgpSession, Bird} from './bgp-session.ts'
import {nameOf} from './bird-name.ts'
import {BirdFormatError, type BirdRow, banner, birdLines, header, readRow} from './bird-text.ts'
import {keep} from './keep.ts'

/**
 * Reads `show protocols` (or `show protocols all`) of BIRD 1.3 to 3.x, as birdcl prints it or raw from the control socket. Rows of other protocols than BGP are left
 * out; `family` is that of names which carry no address. Throws BirdFormatError for what is no BIRD, or an answer that was cut: nothing read is not "no sessions".
 */
export function readProtocols(text: string, family: 4 | 6): Bird {
  const sessions: BgpSession[] = []
  const seen = {version: '', header: false, rows: 0, raw: false, ended: false, refused: '', strange: ''}
  for (const {text: line, code} of birdLines(text)) {
    if (code !== undefined) seen.raw = true
    if (code === '0000') seen.ended = true
    if (code?.startsWith('8') || code?.startsWith('9')) seen.refused ||= line
    const row = readRow(line)
    if (row) seen.rows++
    if (row?.proto === 'BGP') sessions.push(readSession(row, family))
    else if (!row && looksLikeBgp(line)) throw new BirdFormatError(`this row cannot be read: ${line.slice(0, 120)}`)
    else if (header.test(line)) seen.header = true
    else if (banner.test(line)) seen.version ||= banner.exec(line)![1]!
    else seen.strange ||= line
  }
  if (seen.refused) throw new BirdFormatError(`BIRD refused: ${seen.refused.slice(0, 120)}`)
  if (!seen.header && seen.rows === 0) throw new BirdFormatError(`no answer to "show protocols": ${seen.strange.slice(0, 120) || seen.version || 'nothing'}`)
  if (seen.raw && !seen.ended) throw new BirdFormatError('the answer ends before its end mark 0000')
  return {running: true, ...(seen.version && {version: keep(seen.version)}), sessions}
}

/** A row that was cut or has columns we do not know must not be lost: its session would count as none. */
const looksLikeBgp = (line: string) => /^(?:[A-Za-z_][\w.-]*\s+BGP(?:\s|$)|(?:Mesh|Node|Global|Local_Workload)_\S+(?:\s+\S+)?$)/.test(line)

function readSession(row: BirdRow, daemon: 4 | 6): BgpSession {
  const {family, type, peer, port} = nameOf(row.name, daemon)
  const {bgpState, error} = readInfo(row.info)
  // One literal, no spread: there may be a million of these, and V8 then keeps all fields in the object.
  const session = {name: keep(row.name), family, type, peer, state: keep(row.state), since: keep(row.since), bgpState, error}
  return port === undefined ? session : {...session, port}
}

/** Classes of bgp_last_errors (bird: proto/bgp/bgp.c); of a protocol that is down only these are printed, without a state word. */
const errorClass = /^(?:Error|Socket|Received|BGP Error|Automatic shutdown):/
function readInfo(info: string): Pick<BgpSession, 'bgpState' | 'error'> {
  if (errorClass.test(info)) return {bgpState: '', error: keep(info)}
  const space = info.search(/\s/)
  if (space < 0) return {bgpState: keep(info), error: ''}
  return {bgpState: keep(info.slice(0, space)), error: keep(info.slice(space).trim())}
}
