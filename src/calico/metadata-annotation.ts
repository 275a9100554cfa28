/** The real metadata of an object in a v1 CRD. */
export interface Unwrapped {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/**
 * Calico stores the metadata of its v3 API as JSON in annotation projectcalico.org/metadata of the v1 CRD, and lays it over what the object itself has
 * (libcalico-go/lib/backend/k8s/resources/resources.go). Objects that were applied by kubectl have none, and where it is no JSON object nothing can be laid over:
 * what the object itself says is used then. Never throws.
 */
export function unwrapMetadata(metadata: {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}): Unwrapped {
  const {name, labels} = metadata
  const json = Object.hasOwn(metadata.annotations, 'projectcalico.org/metadata') ? metadata.annotations['projectcalico.org/metadata'] : undefined
  if (json === undefined) return {name, labels}
  const hidden = parsed(json)
  if (!isObject(hidden)) return {name, labels}
  return {name: typeof hidden.name === 'string' && hidden.name !== '' ? hidden.name : name, labels: {...labels, ...texts(hidden.labels)}}
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const texts = (value: unknown): Record<string, string> =>
  isObject(value) ? Object.fromEntries(Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : []))) : {}
