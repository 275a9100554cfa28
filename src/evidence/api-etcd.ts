import {kindPrefix} from '../calico/etcd-keys.ts'
import {record} from '../collectors/fields.ts'
import {unknown} from '../engine/collected.ts'
import type {EtcdEntry} from '../engine/collector.ts'
import {ask, missed, originOf} from './api-ask.ts'
import {documentsWithin} from './api-documents.ts'
import {etcdKinds, v3Group} from './api-kinds.ts'
import {costOf, resourcePath} from './api-list.ts'
import {type Printed, yamlOf} from './api-yaml.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

interface Place {
  readonly what: string
  readonly prefix: string
  readonly path: string
  readonly kind: string
}

/** IPAM's keys are its names, and its values have none (libcalico-go/lib/backend/model: block.go, ipam_handle.go). */
const ipam: Place = {what: 'IPAM in etcd', prefix: '/calico/ipam/v2/', path: 'resources/etcd/ipam.yaml', kind: 'IPAM'}
const places: readonly Place[] = [
  ...etcdKinds.map(({kind, resource}) => ({
    what: `${resource} in etcd`,
    prefix: kindPrefix(resource),
    path: resourcePath({group: v3Group, resource}),
    kind,
  })),
  ipam,
]

/** Calico's own etcd, where it keeps its resources; one line when there is no way to it. */
export function etcdTasks(context: EvidenceContext): EvidenceTask[] {
  const {facts, cluster} = context
  const place = facts.apiGroup.known ? facts.apiGroup.value.etcd : undefined
  if (!place) return []
  const {etcd} = cluster
  const unseen = place.unseen ?? (etcd ? undefined : unknown('not-collected', 'there is no way to etcd here'))
  if (unseen || !etcd) return [unseenTask(unseen ?? unknown('not-collected'))]
  return places.map(({what, prefix, path, kind}) => ({
    what,
    ...costOf(context, 20),
    async *run({signal}) {
      const documents = documentsWithin(context.options.maxFileBytes)
      const source = `etcdctl get --prefix ${prefix}`
      const add = (entry: EtcdEntry): true => {
        documents.add(documentOf(entry, kind))
        return true
      }
      const asked = await ask(signal, () => etcd.list(place.endpoints, prefix, add))
      if (!asked.answer.known) return yield missed(source, asked.answer)
      const truncated = documents.truncated || asked.answer.partial !== undefined
      yield {file: {...originOf(path, source, asked), truncated, struckOut: documents.struckOut, text: documents.text()}}
      if (asked.answer.partial !== undefined) yield missed(source, {why: 'failed', detail: asked.answer.partial})
    },
  }))
}

const unseenTask = (unseen: {
  readonly why: 'absent' | 'forbidden' | 'timeout' | 'unreachable' | 'failed' | 'not-collected'
  readonly detail: string
}): EvidenceTask => ({
  what: 'Calico’s resources in etcd',
  estimate: {bytes: 0, ms: 0},
  maxBytes: 0,
  async *run(): AsyncGenerator<Evidence> {
    yield missed('Calico’s resources in etcd', unseen)
  },
})

function documentOf({key, value}: EtcdEntry, kind: string): Printed {
  const comment = `# ${key.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')}\n`
  const object = parsed(value)
  if (record(object) === undefined) return {text: `${comment}# its value is no JSON object\n`, struckOut: 0}
  const {text, struckOut} = yamlOf(object, {apiVersion: `${v3Group}/v3`, kind})
  return {text: comment + text, struckOut}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
