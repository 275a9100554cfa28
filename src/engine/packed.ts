import {deflateRawSync, inflateRawSync} from 'node:zlib'
import type {Collected} from './collected.ts'
import type {ProbeOutput} from './collector.ts'

/** Big answers are kept compressed: a thousand nodes with a thousand sessions each would be 100 MB of text. */
export interface Packed {
  readonly packed?: string
}

/** Answers above this many characters are kept compressed. */
const packAbove = 16_384
/** A node says no more than 8 MiB in one exec; a bundle that claims more is not ours. */
const maxOutputLength = 32 * 1024 * 1024

export function pack(data: Collected<ProbeOutput>, above = packAbove): Collected<ProbeOutput & Packed> {
  if (!data.known || data.value.stdout.length <= above) return data
  return {...data, value: {...data.value, stdout: '', packed: deflateRawSync(data.value.stdout, {level: 1}).toString('base64')}}
}

/** Throws for what is no packed answer. */
export const unpack = ({packed, ...output}: ProbeOutput & Packed): ProbeOutput =>
  packed === undefined ? output : {...output, stdout: inflateRawSync(Buffer.from(packed, 'base64'), {maxOutputLength}).toString()}
