import {UsageError} from '../engine/errors.ts'

const units = {'': 1, k: 1e3, m: 1e6, g: 1e9, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30} as const

/** Bytes of `200M`, `1.5G`, `512Ki`, `100kB`, as Kubernetes writes quantities; a bare number is bytes. Throws UsageError. */
export function sizeBytes(text: string): number {
  const [, count, unit] = /^(\d{1,12}(?:\.\d{1,6})?)([kmg]?i?)b?$/i.exec(text) ?? []
  const factor = units[(unit ?? '?').toLowerCase() as keyof typeof units]
  const bytes = Math.floor(Number(count) * factor)
  if (count === undefined || factor === undefined || bytes < 1) throw new UsageError(`not a size: ${JSON.stringify(text)}`, 'Write it as 200M or 1G.')
  return bytes
}
