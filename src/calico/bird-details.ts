import type {BgpSessionDetail} from './bgp-session.ts'
import {BirdFormatError, banner, birdLines, header, readRow} from './bird-text.ts'
import {keep} from './keep.ts'

/** While it is built. */
type Detail = {-readonly [K in keyof BgpSessionDetail]: BgpSessionDetail[K]}
type Field = Exclude<keyof BgpSessionDetail, 'name' | 'imported' | 'exported'>

/** Labels of bgp_show_proto_info (bird: proto/bgp/bgp.c); `Local AS` from 2.0 on. */
const fields: Readonly<Record<string, Field>> = {
  'Neighbor address': 'neighborAddress',
  'Neighbor AS': 'neighborAs',
  'Local AS': 'localAs',
  'Neighbor ID': 'neighborId',
  'Source address': 'sourceAddress',
  'Hold timer': 'holdTimer',
  'Keepalive timer': 'keepaliveTimer',
  'Last error': 'lastError',
}

/**
 * Reads `show protocols all` of some or all sessions, one answer or several in a row; protocols other than BGP are left out. Nothing printed is nothing asked, and
 * a session that went away before it was asked for is left out. Throws BirdFormatError for text that is no such answer.
 */
export function readDetails(text: string): BgpSessionDetail[] {
  const details: Detail[] = []
  let current: Detail | undefined
  let understood = false
  let strange = ''
  for (const {text: line} of birdLines(text)) {
    const row = readRow(line)
    if (row) {
      current = row.proto === 'BGP' ? {name: keep(row.name)} : undefined
      if (current) details.push(current)
    } else if (current) readField(current, line)
    if (row || header.test(line) || gone.test(line)) understood = true
    else if (!banner.test(line)) strange ||= line
  }
  if (!understood && text.trim() !== '') throw new BirdFormatError(`no answer to "show protocols all": ${strange.slice(0, 120) || 'a banner alone'}`)
  return details
}

/** Of every session, where BIRD prints a row for each of its protocols at least: no text at all is no answer. */
export function readWide(text: string): BgpSessionDetail[] {
  if (text.trim() === '') throw new BirdFormatError('no answer to "show protocols all": nothing')
  return readDetails(text)
}

/** What BIRD says of a name that it does not, or not any more, have (bird: nest/proto.c). */
const gone = /^\S+ is not a protocol$|^No protocols match/

function readField(detail: Detail, line: string): void {
  const colon = line.indexOf(':')
  if (colon < 0) return
  const label = line.slice(0, colon)
  const value = line.slice(colon + 1).trim()
  if (label === 'Routes') addRoutes(detail, value)
  const field = Object.hasOwn(fields, label) ? fields[label] : undefined
  if (field) detail[field] = keep(value)
}

/** `5 imported, 6 exported, 3 preferred`, `filtered` after the first with `keep filtered`; from 2.0 on one line for each channel. */
function addRoutes(detail: Detail, routes: string): void {
  const imported = /\b(\d{1,12}) imported\b/.exec(routes)?.[1]
  const exported = /\b(\d{1,12}) exported\b/.exec(routes)?.[1]
  if (imported !== undefined) detail.imported = (detail.imported ?? 0) + Number(imported)
  if (exported !== undefined) detail.exported = (detail.exported ?? 0) + Number(exported)
}
