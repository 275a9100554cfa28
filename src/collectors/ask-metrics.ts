import {type FelixMetrics, felixWanted, readFelixMetrics} from '../calico/felix-metrics.ts'
import {controllersWanted, type KubeControllersMetrics, readKubeControllersMetrics} from '../calico/kube-controllers-metrics.ts'
import {type MetricsTarget, metricsPath} from '../calico/metrics-target.ts'
import {wantedLines} from '../calico/prometheus-text.ts'
import {readTyphaMetrics, type TyphaMetrics, typhaWanted} from '../calico/typha-metrics.ts'
import {type Collected, known, unknown} from '../engine/collected.ts'
import type {Cluster, Limits} from '../engine/collector.ts'

/** One kind of page: which of its lines are kept, and what they say. */
export interface PageKind<M> {
  readonly title: string
  readonly wanted: ReadonlySet<string>
  readonly read: (page: string) => M | undefined
}
export const felixPage: PageKind<FelixMetrics> = {title: 'Felix', wanted: felixWanted, read: readFelixMetrics}
export const typhaPage: PageKind<TyphaMetrics> = {title: 'Typha', wanted: typhaWanted, read: readTyphaMetrics}
export const controllersPage: PageKind<KubeControllersMetrics> = {title: 'kube-controllers', wanted: controllersWanted, read: readKubeControllersMetrics}

/** A page of Felix is some 100 kB; a bigger one is read so far and no further. */
export const metricsLimits: Limits = {timeoutMs: 5_000, maxBytes: 10 * 1024 * 1024}
/** Characters of the wanted lines: kube-controllers has some hundred for each node and pool. */
const mostKept = 2 * 1024 * 1024

/** A page as it came. A pod that is gone, or has no such page, is `failed`: `absent` means switched off. */
export async function askWholePage(cluster: Cluster, target: MetricsTarget, limits: Limits): Promise<Collected<string>> {
  const text = await cluster.text(metricsPath(target), limits)
  if (text.known) return text
  const detail = target.doubt === undefined ? text.detail : `${text.detail}; ${target.doubt}`
  return unknown(text.why === 'absent' ? 'failed' : text.why, detail)
}

/** The wanted lines of it, as they came. */
export async function askPage(
  cluster: Cluster,
  target: MetricsTarget,
  {wanted}: PageKind<unknown>,
  limits: Limits = metricsLimits,
): Promise<Collected<string>> {
  const text = await askWholePage(cluster, target, limits)
  if (!text.known) return text
  const {page, cut} = wantedLines(text.value, wanted, mostKept)
  return known(page, text.partial ?? (cut ? `only the first ${mostKept} characters of what is wanted` : undefined))
}

export function readPage<M>(page: Collected<string>, {title, read}: PageKind<M>): Collected<M> {
  if (!page.known) return page
  const metrics = read(page.value)
  if (metrics !== undefined) return known(metrics, page.partial)
  return unknown('failed', `what answers on the metrics port is not ${title}${page.partial === undefined ? '' : ` (${page.partial})`}`)
}

/** One page now, for who asks a few in turn. Never throws for what the cluster does. */
const askNow =
  <M>(kind: PageKind<M>) =>
  async (cluster: Cluster, target: MetricsTarget, limits: Limits = metricsLimits): Promise<Collected<M>> =>
    readPage(await askPage(cluster, target, kind, limits), kind)
export const askFelixMetrics = askNow(felixPage)
export const askKubeControllersMetrics = askNow(controllersPage)
