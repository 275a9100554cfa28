import type {EvidenceTask} from './task.ts'

type Sized = Pick<EvidenceTask, 'what' | 'node' | 'maxBytes' | 'estimate'>
/** How much memory to set aside for a task. */
export interface Appetite {
  of(task: Sized): number
  /** It has ended, and the largest file that it brought had so many bytes. */
  learn(task: Sized, bytes: number): void
}

const least = 256 * 1024
/** Of each answer there are its bytes, its text, and the text without credentials. */
const copies = 4

/**
 * The worst that a task may bring is a hundred times what it mostly brings, and setting that aside would leave two nodes asked at once. So it is a quarter of
 * the worst, or what it is expected to bring if that is more, until others of its kind have told, and then the most that any of them brought at once.
 */
export function appetite(): Appetite {
  const most = new Map<string, number>()
  return {
    of(task) {
      const seen = most.get(kindOf(task))
      const wanted = seen === undefined ? Math.max(task.maxBytes / 4, copies * task.estimate.bytes) : copies * seen
      return Math.min(task.maxBytes, Math.max(least, wanted))
    },
    learn(task, bytes) {
      const kind = kindOf(task)
      most.set(kind, Math.max(bytes, most.get(kind) ?? 0))
    },
  }
}

/** `worker-1: iptables, ipset, nft` and the same of another node; `logs of …` and other logs. */
const kindOf = ({what, node}: Sized): string => (node !== undefined && what.startsWith(node) ? what.slice(node.length) : what.split(' ', 1)[0]!)
