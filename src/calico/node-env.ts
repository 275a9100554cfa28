import type {Collected} from '../engine/collected.ts'
import type {EnvValue, NodeEnv} from './cluster.ts'
import type {ConfigMap, Container, EnvVar, Workload} from './kubernetes.ts'

/** A container's variables with where each comes from; keys of the one ConfigMap that is read are filled in, the rest says why it is not. */
export function envOf(workload: Workload, container: Container, configMap: Collected<ConfigMap>): NodeEnv {
  const place = `${workload.kind} ${workload.namespace}/${workload.name}`
  const env: Record<string, EnvValue> = Object.create(null)
  for (const variable of container.env) env[variable.name] = expanded(envValueOf(variable, workload.namespace, place, configMap), env)
  return env
}

function envValueOf({value, configMap: from, other}: EnvVar, namespace: string, place: string, configMap: Collected<ConfigMap>): EnvValue {
  if (value !== undefined) return {value, source: place}
  if (!from) return {source: place, unresolved: other ?? 'no value'}
  const source = `ConfigMap ${namespace}/${from.name} key ${from.key}`
  if (!configMap.known) return {source, unresolved: `${configMap.why}: ${configMap.detail}`}
  if (configMap.value.name !== from.name) return {source, unresolved: 'this ConfigMap was not read'}
  const data = Object.hasOwn(configMap.value.data, from.key) ? configMap.value.data[from.key] : undefined
  return data === undefined ? {source, unresolved: `the ConfigMap has no key ${from.key}`} : {value: data, source}
}

/** `can-reach=$(NODEIP)`: Kubernetes fills in variables that stand further up; those known only on the node stay as they are written. */
function expanded(given: EnvValue, before: Readonly<Record<string, EnvValue>>): EnvValue {
  if (given.value === undefined || !given.value.includes('$(')) return given
  let added = 0
  const value = given.value.replace(/\$\((\w+)\)/g, (written, name: string) => {
    const filled = before[name]?.value ?? written
    added += filled.length
    return added > longestValue ? '' : filled
  })
  return added > longestValue ? given : {...given, value}
}
/** Each may name the one before twice: thirty such variables would be a thousand million characters. */
const longestValue = 65_536

/** `Felix` takes true, 1, yes, y, t and false, 0, no, n, f in any case (felix/config/param_types.go); undefined for anything else. */
export function felixBoolean(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined
  if (/^(true|1|yes|y|t)$/i.test(value)) return true
  return /^(false|0|no|n|f)$/i.test(value) ? false : undefined
}
