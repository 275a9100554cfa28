import {birdClients, birdDetailsArgv, birdSockets, mostDetails} from '../calico/bird-sockets.ts'
import {askBird, type BirdAnswer, type BirdLimits} from './bird-socket.ts'

/** What BIRD's own clients would answer to `argv`; undefined when argv is none of theirs. */
export function birdAnswerTo(argv: readonly string[], limits: BirdLimits): Promise<BirdAnswer> | undefined {
  const details = ([4, 6] as const).find(family => same(argv, birdDetailsArgv(family)))
  if (details) return detailsFrom(birdSockets[details], limits)
  const [client = '', option, path = '', ...words] = argv
  if (client !== birdClients[4] && client !== birdClients[6]) return undefined
  return option === '-s' ? askBird(pathsFor(path), words, limits) : undefined
}

/** Calico's socket first, then where distributions have it, as calicoctl looks (commands/node/status.go). */
const pathsFor = (path: string): readonly string[] => Object.values(birdSockets).find(([usual]) => usual === path) ?? [path]

/** What the shell loop of the details probe does in the container: a table, then each session in it that is not Established. */
export async function detailsFrom(paths: readonly string[], limits: BirdLimits): Promise<BirdAnswer> {
  const started = performance.now()
  const table = await askBird(paths, ['show', 'protocols'], limits)
  if (table.exit !== 0) return {...table, stdout: ''}
  let stdout = ''
  for (const name of sessionsDown(table.stdout)) {
    const rest = {timeoutMs: Math.max(1, limits.timeoutMs - (performance.now() - started)), maxBytes: limits.maxBytes - stdout.length}
    const answer = await askBird(paths, ['show', 'protocols', 'all', `'${name}'`], rest)
    stdout += answer.stdout
    if (answer.exit !== 0 || answer.flooded) return {...answer, stdout}
  }
  return {exit: 0, stdout, stderr: ''}
}

/** Names are symbols of BIRD's grammar (conf/cf-lex.l): one that is none is left out, and never reaches BIRD. */
function sessionsDown(table: string): string[] {
  const rows = table.split('\n').filter(line => /^[^ ]+ +BGP /.test(line) && !line.includes(' Established'))
  return rows.flatMap(line => /^([A-Za-z0-9_.:-]+) /.exec(line)?.[1] ?? []).slice(0, mostDetails)
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((word, index) => word === b[index])
