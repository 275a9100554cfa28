import {Flags} from '@oclif/core'
import {UsageError} from '../engine/errors.ts'
import {defaultSample} from '../evidence/sample.ts'
import {duration} from './flags.ts'
import {sizeBytes} from './size.ts'

const size = Flags.custom<number>({parse: async text => sizeBytes(text)})

const sampleCount = Flags.custom<number | 'all'>({
  async parse(text) {
    if (text === 'all') return text
    if (/^\d{1,6}$/.test(text)) return Number(text)
    throw new UsageError(`neither a number nor all: ${JSON.stringify(text)}`, 'Write it as 20, 0 or all.')
  },
})

/** How much raw evidence is kept. */
export const evidenceFlags = {
  'sample-nodes': sampleCount({
    description: 'so many nodes without signs of trouble, beside all with them; all: every node',
    default: defaultSample,
    defaultHelp: async () => String(defaultSample),
    helpValue: 'N|all',
    helpGroup: 'EVIDENCE',
  }),
  since: duration({description: 'logs younger than this (default: of any age)', helpValue: 'TIME', helpGroup: 'EVIDENCE'}),
  tail: Flags.integer({description: 'the newest lines of each log', default: 10_000, min: 1, max: 1_000_000, helpValue: 'N', helpGroup: 'EVIDENCE'}),
  'max-size': size({
    description: 'how large the .tar.gz may get; what has no room is named, and the look itself is always kept',
    default: 500e6,
    defaultHelp: async () => '500M',
    helpValue: 'SIZE',
    helpGroup: 'EVIDENCE',
  }),
  'max-file-size': size({
    description: 'how large one file may get before compression; of logs the newest is kept',
    default: 4e6,
    defaultHelp: async () => '4M',
    helpValue: 'SIZE',
    helpGroup: 'EVIDENCE',
  }),
  estimate: Flags.boolean({description: 'look at the API alone, say how large it will be and how long it will take, and write nothing', helpGroup: 'EVIDENCE'}),
}
