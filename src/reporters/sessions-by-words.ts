import type {SessionRow} from '../calico/node-status-model.ts'
import type {Pen} from './screen.ts'

/** More ways to be down than these a node has hardly ever. */
const mostWords = 5
const mostPeers = 2

/** Sessions by what BIRD says of them, for more than a person reads: `999 × Active Socket: Connection refused (worker-1, worker-2, … +997)`. */
export function sessionsByWords(rows: readonly SessionRow[], pen: Pen): string[] {
  const byWords = [...Map.groupBy(rows, ({info, state}) => info || state)].sort(([, a], [, b]) => b.length - a.length)
  const lines = byWords.slice(0, mostWords).flatMap(([words, some]) => line(`${some.length} × ${pen.safe(words)} (${peers(some, pen)})`, pen))
  const rest = byWords.slice(mostWords).reduce((sum, [, some]) => sum + some.length, 0)
  return rest === 0 ? lines : [...lines, ...line(`${rest} in ${byWords.length - mostWords} other ways`, pen)]
}

const line = (text: string, pen: Pen) => pen.lines(text, `  ${pen.mark('error')} `, 4)

function peers(rows: readonly SessionRow[], pen: Pen): string {
  const names = rows.slice(0, mostPeers).map(({peerNode, peerAddress}) => pen.name(peerNode ?? peerAddress))
  return [...names, ...(rows.length > mostPeers ? [`… +${rows.length - mostPeers}`] : [])].join(', ')
}
