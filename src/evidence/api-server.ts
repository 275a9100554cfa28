import type {Limits} from '../engine/collector.ts'
import {ask, missed, originOf} from './api-ask.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** What the API server says of itself; every user may ask (ClusterRole system:public-info-viewer). */
export const serverTask = (context: EvidenceContext): EvidenceTask => ({
  what: 'API server: version and health',
  estimate: {bytes: 4_000, ms: 50},
  maxBytes: 256 * 1024,
  run: limits => ofServer(context, limits),
})

async function* ofServer({cluster}: EvidenceContext, limits: Limits): AsyncGenerator<Evidence> {
  const version = await ask(limits.signal, () => cluster.get('/version'))
  const source = 'kubectl get --raw /version'
  if (version.answer.known)
    yield {file: {...originOf('apiserver/version.json', source, version), truncated: false, text: `${JSON.stringify(version.answer.value, undefined, 2)}\n`}}
  else yield missed(source, version.answer)
  for (const name of ['livez', 'readyz']) {
    const asked = await ask(limits.signal, () => cluster.text(`/${name}?verbose`, {...limits, maxBytes: 64 * 1024}))
    const origin = originOf(`apiserver/${name}.txt`, `kubectl get --raw /${name}?verbose`, asked)
    if (asked.answer.known) yield {file: {...origin, truncated: asked.answer.partial !== undefined, text: asked.answer.value}}
    else yield missed(origin.source, asked.answer)
  }
}
