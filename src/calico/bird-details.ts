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
 * Reads `show protocols all` of some or all sessions, one answer or several in a row; protocols other than BGP are left out. Nothing printed is nothing asked: [].
 * Throws BirdFormatError for text that is no BIRD.
 */
export function readDetails(text: string): BgpSessionDetail[] {
  const details: Detail[] = []
  let current: Detail | undefined
  let isBird = false
  let first = ''
  for (const {text: line} of birdLines(text)) {
    first ||= line
    isBird ||= banner.test(line) || header.test(line)
    const row = readRow(line)
    if (row) {
      isBird = true
      current = row.proto === 'BGP' ? {name: keep(row.name)} : undefined
      if (current) details.push(current)
    } else if (current) readField(current, line)
  }
  if (!isBird && first) throw new BirdFormatError(`no answer to "show protocols all": ${first.slice(0, 120)}`)
  return details
}

/** Of every session, where BIRD prints a header at least: no text at all is no answer. */
export function readWide(text: string): BgpSessionDetail[] {
  if (text.trim() === '') throw new BirdFormatError('no answer to "show protocols all": nothing')
  return readDetails(text)
}

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
