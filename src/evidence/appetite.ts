import type {EvidenceTask} from './task.ts'

type Sized = Pick<EvidenceTask, 'what' | 'node' | 'maxBytes'>
/** How much memory to set aside for a task. */
export interface Appetite {
  of(task: Sized): number
  /** It has ended, and brought so many bytes. */
  learn(task: Sized, bytes: number): void
}

const least = 256 * 1024
/** Of each answer there are its bytes, its text, and the text without credentials. */
const copies = 4

/**
 * The worst that a task may bring is a hundred times what it mostly brings, and setting that aside would leave two nodes asked at once. So it is a quarter of
 * the worst until others of its kind have told, and then the most that any of them brought.
 */
export function appetite(): Appetite {
  const most = new Map<string, number>()
  return {
    of(task) {
      const seen = most.get(kindOf(task))
      return Math.min(task.maxBytes, seen === undefined ? Math.max(least, task.maxBytes / 4) : Math.max(least, copies * seen))
    },
    learn(task, bytes) {
      const kind = kindOf(task)
      most.set(kind, Math.max(bytes, most.get(kind) ?? 0))
    },
  }
}

/** `worker-1: iptables, ipset, nft` and the same of another node; `logs of …` and other logs. */
const kindOf = ({what, node}: Sized): string => (node !== undefined && what.startsWith(node) ? what.slice(node.length) : what.split(' ', 1)[0]!)
