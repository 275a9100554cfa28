import {type Collected, known, unknown} from '../../engine/collected.ts'
import {defineProbe, type ProbeOutput} from '../../engine/collector.ts'
import type {Facts} from '../../engine/facts.ts'

type CniConfig = Extract<Facts['cniConfig'][string], {known: true}>['value']

/** Where install-cni writes; mounted into calico-node for the token watcher, and not at all in older installs. */
const folder = '/host/etc/cni/net.d'
/**
 * Nothing but these fields may leave the node: an etcd install has credentials in the file. The plugin's own `type` line is asked for too,
 * so that a file without `mtu` (automatic) is told from no file at all.
 */
const fields = [
  '"type"[[:space:]]*:[[:space:]]*"calico"',
  '"mtu"[[:space:]]*:[[:space:]]*[0-9]+',
  '"datastore_type"[[:space:]]*:[[:space:]]*"[A-Za-z0-9]+"',
].join('|')

export default defineProbe({
  source: 'node/cni-config',
  probe: {tries: [['grep', '-RHoE', '--include=*calico*.conflist', '--include=*canal*.conflist', fields, folder]], maxLines: 200},
  // grep: 1 for no match, 2 when the folder is not there.
  exits: [1, 2],
  facts: {cniConfig: readCniConfig},
})

/** The runtime takes the file that sorts first, so that one is read. */
export function readCniConfig({stdout, stderr}: Pick<ProbeOutput, 'stdout' | 'stderr'>): Collected<CniConfig> {
  const found = stdout.split('\n').flatMap(line => matchOf(line) ?? [])
  const first = found.map(({file}) => file).sort()[0]
  if (first === undefined) return nothingFound(stderr)
  const own = found.flatMap(({file, field}) => (file === first ? [field] : []))
  const mtu = valueIn(own, /^"mtu"\s*:\s*(\d{1,7})$/)
  const datastoreType = valueIn(own, /^"datastore_type"\s*:\s*"([A-Za-z0-9]{1,20})"$/)
  return known({...(mtu !== undefined && {mtu: Number(mtu)}), ...(datastoreType !== undefined && {datastoreType})})
}

function nothingFound(stderr: string): Collected<never> {
  if (stderr.includes(`${folder}: No such file or directory`)) return unknown('absent', `${folder} is not mounted into calico-node`)
  if (stderr.trim() !== '') return unknown('failed', stderr.trim().slice(0, 200))
  return unknown('absent', `no configuration of Calico in ${folder}`)
}

function matchOf(line: string): {file: string; field: string} | undefined {
  const end = line.indexOf('.conflist:')
  return end < 0 ? undefined : {file: line.slice(0, end), field: line.slice(end + '.conflist:'.length)}
}

function valueIn(fields: readonly string[], pattern: RegExp): string | undefined {
  for (const field of fields) {
    const value = pattern.exec(field)?.[1]
    if (value !== undefined) return value
  }
  return undefined
}
