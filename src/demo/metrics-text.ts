type Sample = readonly [labels: string, value: number]

/** One gauge or counter as Prometheus' text has it. */
export const metric = (type: 'gauge' | 'counter', name: string, help: string, ...samples: readonly Sample[]): string =>
  lines(
    type,
    name,
    help,
    samples.map(([labels, value]) => lineOf(name, labels, value)),
  )

/** Quantiles by their names; NaN as Go prints it where nothing was seen lately. */
export function summary(name: string, help: string, {count, sum, quantiles, labels = ''}: SummaryShape): string {
  const parts = Object.entries(quantiles).map(([quantile, value]) => lineOf(name, `${labels === '' ? '' : `${labels},`}quantile="${quantile}"`, value))
  return lines('summary', name, help, [...parts, lineOf(`${name}_sum`, labels, sum), lineOf(`${name}_count`, labels, count)])
}
interface SummaryShape {
  readonly count: number
  /** Only grows, as `count` does. */
  readonly sum: number
  readonly quantiles: Readonly<Record<string, number>>
  readonly labels?: string
}

const lines = (type: string, name: string, help: string, samples: readonly string[]) =>
  [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n')
const lineOf = (name: string, labels: string, value: number) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`

interface Process {
  readonly residentBytes: number
  readonly cpuSeconds: number
  /** Seconds since 1970. */
  readonly startTime: number
  readonly goroutines: number
}

/** What every Go program tells of itself. */
export const processLines = ({residentBytes, cpuSeconds, startTime, goroutines}: Process): string =>
  [
    metric('gauge', 'go_goroutines', 'Goroutines.', ['', goroutines]),
    metric('gauge', 'go_memstats_alloc_bytes', 'Bytes of the heap in use.', ['', Math.round(residentBytes * 0.4)]),
    metric('counter', 'process_cpu_seconds_total', 'Seconds of CPU.', ['', Math.round(cpuSeconds * 100) / 100]),
    metric('gauge', 'process_open_fds', 'Open files.', ['', 40]),
    metric('gauge', 'process_resident_memory_bytes', 'Resident memory.', ['', residentBytes]),
    metric('gauge', 'process_start_time_seconds', 'Start of the process.', ['', startTime]),
  ].join('')
