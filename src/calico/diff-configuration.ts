import {type Collected, known} from '../engine/collected.ts'
import type {FactTable} from '../engine/facts.ts'
import {flatten} from './diff-fields.ts'
import type {Change, Compared} from './diff-model.ts'
import {both, type Fields, fieldChanges, joined} from './diff-values.ts'
import type {ConfigMap} from './kubernetes.ts'
import type {Installation, Named} from './resources.ts'

type List = readonly Named<object>[]

/** Calico's settings, object by object and field by field. */
export function diffConfiguration(a: FactTable, b: FactTable): Compared<Change> {
  return joined(
    compareList('ippool', a.ipPools, b.ipPools),
    compareList('bgpconfiguration', a.bgpConfigurations, b.bgpConfigurations),
    compareList('bgppeer', a.bgpPeers, b.bgpPeers),
    compareList('felixconfiguration', a.felixConfigurations, b.felixConfigurations),
    compareList('installation', listed(a.installation, installationOf), listed(b.installation, installationOf)),
    compareList('configmap', listed(a.calicoConfig, configMapOf), listed(b.calicoConfig, configMapOf)),
  )
}

/** status.mtu and status.calicoVersion are what the operator made of the spec. */
const installationOf = ({spec, computed, calicoVersion, mtu}: Installation) => ({
  name: 'default',
  spec: {...spec, ...(computed && {computed}), status: {...(calicoVersion !== undefined && {calicoVersion}), ...(mtu !== undefined && {mtu})}},
})
const configMapOf = ({name, data}: ConfigMap) => ({name, spec: data})

function listed<T>(object: Collected<T> | undefined, of: (value: T) => Named<object>): Collected<List> | undefined {
  return object?.known ? known([of(object.value)], object.partial) : object
}

function compareList(kind: string, a: Collected<List> | undefined, b: Collected<List> | undefined): Compared<Change> {
  const {changes, notComparable} = both(kind, a, b)
  return {notComparable, changes: changes.flatMap(lists => objectChanges(kind, lists))}
}

function objectChanges(kind: string, lists: {a: List | undefined; b: List | undefined; partOfA: boolean; partOfB: boolean}): Change[] {
  const [before, after] = [byName(lists.a), byName(lists.b)]
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.flatMap(name => {
    const [one, other] = [before.get(name), after.get(name)]
    const what = `${kind} ${name}`
    if (!one) return lists.partOfA ? [] : [{what, before: null, after: summary(other), nodes: []}]
    if (!other) return lists.partOfB ? [] : [{what, before: summary(one), after: null, nodes: []}]
    return fieldChanges(one, other, lists).map(({field, ...values}) => ({what: `${what}: ${field}`, ...values, nodes: []}))
  })
}

const byName = (list: List = []) => new Map(list.map(({name, spec}) => [name, flatten(spec)]))
/** `cidr 10.100.0.0/18, blockSize 26, … +4`. */
function summary(fields: Fields = new Map()): string {
  const shown = [...fields].slice(0, mostFields).map(([field, value]) => `${field} ${value.length > longestValue ? `${value.slice(0, longestValue)}…` : value}`)
  return fields.size === 0 ? 'no settings' : `${shown.join(', ')}${fields.size > mostFields ? `, … +${fields.size - mostFields}` : ''}`
}
const mostFields = 5
const longestValue = 60
