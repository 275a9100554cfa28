import type {CheckReport} from '../engine/report.ts'
import {whyText} from '../reporters/causes.ts'

/** Why a check could not be judged, in one line: its own reason, then what was not seen. */
export function missingText({missing, reason}: CheckReport): string {
  const byCause = Map.groupBy(
    missing,
    ({fact, why, detail, node}) => `${fact} ${whyText[why]}${detail === '' ? '' : `, ${detail}`}${node === undefined ? '' : ' on'}`,
  )
  const lines = [...byCause].map(([cause, of]) => (of[0]!.node === undefined ? cause : `${cause} ${of.length === 1 ? of[0]!.node : `${of.length} nodes`}`))
  return [...(reason === undefined ? [] : [reason]), ...lines].join('; ') || 'something it needs was not seen'
}
