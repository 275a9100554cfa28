import type {Collected} from '../engine/collected.ts'
import type {ProbeOutput} from '../engine/collector.ts'
import {type Packed, pack, unpack} from '../engine/packed.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import {type Redacted, redact} from './redact.ts'

/** The snapshot as it may leave the cluster: credentials struck out of every answer, packed ones too. What nothing was found in stays the same object. */
export function redactSnapshot(snapshot: Snapshot): Redacted<Snapshot> {
  let struckOut = 0
  const clean = (take: Take): Take => {
    const data = redactData(take)
    struckOut += data.struckOut
    return data.value === take.data ? take : {...take, data: data.value}
  }
  const evidence = Object.fromEntries(Object.entries(snapshot.evidence).map(([source, takes]) => [source, takes.map(clean)]))
  const source = redact(snapshot.source)
  return {value: {...snapshot, source: source.value, evidence}, struckOut: struckOut + source.struckOut}
}

function redactData({data, node}: Take): Redacted<Collected<unknown>> {
  if (node === undefined || !data.known) return redact(data)
  const output = unpack(data.value as ProbeOutput & Packed)
  const {value, struckOut} = redact(output)
  return struckOut === 0 ? {value: data, struckOut} : {value: pack({...data, value}), struckOut}
}
