import {notAcceptable} from './status.ts'

/** What an answer should look like: `Accept: application/json;as=Table;v=v1;g=meta.k8s.io`. */
export type Form = 'object' | 'table' | 'metadata' | 'metadata-list'

const forms: Record<string, Form> = {Table: 'table', PartialObjectMetadata: 'metadata', PartialObjectMetadataList: 'metadata-list'}

/** The first media type that we can serve. Protobuf alone is refused, as for custom resources. */
export function acceptedForm(accept: string | undefined): Form {
  if (accept === undefined || accept.trim() === '') return 'object'
  for (const clause of accept.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map(part => part.trim())
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue
    const options = new Map(parameters.map(parameter => parameter.split('=', 2).map(part => part.trim()) as [string, string]))
    const as = options.get('as')
    if (as === undefined) return 'object'
    const form = Object.hasOwn(forms, as) ? forms[as] : undefined
    if (form && options.get('g') === 'meta.k8s.io' && options.get('v') === 'v1') return form
  }
  throw notAcceptable()
}
