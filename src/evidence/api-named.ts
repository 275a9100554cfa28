import {ask, missed, originOf} from './api-ask.ts'
import {documentsWithin} from './api-documents.ts'
import {costOf} from './api-list.ts'
import {type TypeMeta, yamlOf} from './api-yaml.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** Objects that are got by name, since nothing else of their kind is Calico's; who is not there is named in the file. */
interface NamedObjects {
  readonly what: string
  readonly path: string
  readonly type: TypeMeta
  /** From the server's root: `/api/v1/namespaces/kube-system/configmaps/calico-config`. */
  readonly paths: readonly string[]
}

export const namedTask = (context: EvidenceContext, named: NamedObjects): EvidenceTask => ({
  what: named.what,
  ...costOf(context, named.paths.length),
  run: ({signal}) => got(context, named, signal),
})

async function* got({cluster, options}: EvidenceContext, {path, type, paths}: NamedObjects, signal: AbortSignal | undefined): AsyncGenerator<Evidence> {
  const documents = documentsWithin(options.maxFileBytes)
  const started = new Date().toISOString()
  const absent: string[] = []
  let [ms, answers] = [0, 0]
  for (const one of paths) {
    const asked = await ask(signal, () => cluster.get(one))
    ms += asked.ms
    if (asked.answer.known) documents.add(yamlOf(asked.answer.value, type))
    else if (asked.answer.why === 'absent') absent.push(one)
    else yield missed(`GET ${one}`, asked.answer)
    if (asked.answer.known || asked.answer.why === 'absent') answers++
  }
  if (answers === 0) return
  if (absent.length > 0) documents.remark(`not there: ${absent.join(' ')}`)
  const source = `kubectl get --raw ${paths.join(' ')}`
  yield {file: {...originOf(path, source, {at: started, ms}), truncated: documents.truncated, struckOut: documents.struckOut, text: documents.text()}}
}

export const podPath = (namespace: string, resource: string, name: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`
