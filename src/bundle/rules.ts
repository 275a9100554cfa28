/** A sentence part that names what is wrong, or undefined. */
export type Rule = (value: unknown) => string | undefined
type Fields = Readonly<Record<string, unknown>>

export const is =
  (test: (value: unknown) => boolean, what: string): Rule =>
  value =>
    test(value) ? undefined : what

export const anything: Rule = () => undefined
export const text = is(value => typeof value === 'string', 'no text')
export const flag = is(value => typeof value === 'boolean', 'neither true nor false')
export const number = is(value => typeof value === 'number' && Number.isFinite(value), 'no number')
export const time = is(value => typeof value === 'string' && value.length < 40 && !Number.isNaN(Date.parse(value)), 'no time')
export const oneOf = (...words: readonly string[]): Rule => is(value => typeof value === 'string' && words.includes(value), `none of ${words.join(', ')}`)
export const anyOf =
  (...rules: readonly Rule[]): Rule =>
  value => {
    const wrong = rules.map(rule => rule(value))
    return wrong.includes(undefined) ? undefined : wrong[0]
  }

export const optional =
  (rule: Rule): Rule =>
  value =>
    value === undefined ? undefined : rule(value)

export const listOf =
  (rule: Rule): Rule =>
  value =>
    Array.isArray(value) ? first(value, rule) : 'no list'
export const recordOf =
  (rule: Rule): Rule =>
  value =>
    isRecord(value) ? first(Object.values(value), rule) : 'no object'

/** An object whose fields keep to their rules; a field that is not there is undefined. Names the field that does not: `spec: cidr: no text`. */
export const shapeOf =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  value =>
    firstWrong(value, rules)

export function firstWrong(value: unknown, rules: Readonly<Record<string, Rule>>): string | undefined {
  if (!isRecord(value)) return 'no object'
  for (const [field, rule] of Object.entries(rules)) {
    const wrong = rule(Object.hasOwn(value, field) ? value[field] : undefined)
    if (wrong !== undefined) return `${field}: ${wrong}`
  }
  return undefined
}

function first(values: readonly unknown[], rule: Rule): string | undefined {
  for (const value of values) {
    const wrong = rule(value)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

export const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
