import type {ClusterPlan} from './plan.ts'

export interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: object
}
export const configMapName = ({daemonSet}: Pick<ClusterPlan, 'daemonSet'>): string => (daemonSet === 'canal' ? 'canal-config' : 'calico-config')

export const fromConfig = (name: string, key: string, plan: ClusterPlan): EnvVar => ({name, valueFrom: {configMapKeyRef: {name: configMapName(plan), key}}})
export const fromField = (name: string, fieldPath: string): EnvVar => ({name, valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath}}})
/** `NAME=value` each. */
export const fixed = (...pairs: readonly string[]): EnvVar[] =>
  pairs.map(pair => ({name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1)}))
