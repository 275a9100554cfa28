import type {Finding} from '../engine/check.ts'

/** The same finding in every round: its message may change its numbers, its subjects name it. */
export const findingKey = ({check, messageId, subjects}: Finding): string =>
  JSON.stringify([check, messageId, ...subjects.map(({kind, namespace, name}) => [kind, namespace ?? '', name])])
