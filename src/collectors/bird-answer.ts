import type {Bird} from '../calico/bgp-session.ts'
import {readProtocols} from '../calico/bird-protocols.ts'
import {type Collected, known, unknown} from '../engine/collected.ts'
import type {ProbeOutput} from '../engine/collector.ts'

/** birdcl's only words when it cannot reach the daemon (bird: client/client.c); its exit status is 1 then. */
const noConnection = /Unable to connect to server control socket[^\r\n]*/
/** A socket that is not there, or that nobody listens on any more. Any other errno (permission, full backlog) says nothing about BIRD. */
const nobodyListens = /: (?:No such file or directory|Connection refused|Not a directory)\.?$/

/** What birdcl said of `show protocols`. */
export function readBird({exit, stdout, stderr}: ProbeOutput, family: 4 | 6): Collected<Bird> {
  if (exit === 0) return known(readProtocols(stdout, family))
  const reason = noConnection.exec(stderr)?.[0] ?? noConnection.exec(stdout)?.[0]
  if (reason === undefined) return unknown('failed', firstLine(stderr || stdout) || `birdcl: exit ${exit}`)
  if (nobodyListens.test(reason)) return known({running: false, reason})
  return unknown(/: (?:Permission denied|Operation not permitted)/.test(reason) ? 'forbidden' : 'failed', reason)
}

const firstLine = (text: string) => text.trim().split('\n', 1)[0]!.slice(0, 200)
