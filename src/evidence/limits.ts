import type {EvidenceLimits} from '../bundle/manifest.ts'

/** Of one node in all: a light exec, some ten dumps, and its logs. */
const nodeShares = 8
/** Tasks in flight may hold so much together, and the whole program less than 200 MB. */
export const memoryBytes = 12 * 1024 ** 2

export const nodeTotalOf = ({nodeTimeoutMs}: Pick<EvidenceLimits, 'nodeTimeoutMs'>): number => nodeShares * nodeTimeoutMs
