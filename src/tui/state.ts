import type {Why} from '../engine/collected.ts'
import type {FeedCommand} from './feed.ts'
import type {ClusterSeen, FelixNumbers, IpamSeen, NodeBgp, NodeFacts, NodeMtus, ReportSeen, TyphaSeen} from './model.ts'

export const views = ['overview', 'peers', 'nodes', 'felix', 'capacity', 'findings'] as const
export type View = (typeof views)[number]
/** Those that are tables. */
export type TableView = Exclude<View, 'overview'>

/** How the terminal shows text. */
export interface Look {
  readonly colour: boolean
  readonly unicode: boolean
}

/** The last answer of something that is asked again and again, and, when a later try failed, why. Nothing at all: it was not asked yet. */
export interface Kept<T> {
  readonly value?: T
  /** When `value` was seen. */
  readonly at?: number
  /** What of it could not be seen. */
  readonly partial?: string
  readonly trouble?: Trouble
}
export interface Trouble {
  readonly why: Why
  readonly detail: string
  /** Of the first try that failed in a row. */
  readonly since: number
}

/** All that is known of one node. The object stays the same until something of it changes: what is drawn from it is remembered by it. */
export interface NodeEntry {
  readonly name: string
  readonly facts?: NodeFacts
  readonly bgp: Kept<NodeBgp>
  readonly mtus: Kept<NodeMtus>
  readonly felix: Kept<FelixNumbers>
  readonly history: FelixHistory
  /** By session: how often it went down, or came back anew, since the start. */
  readonly flaps: Readonly<Record<string, Flaps>>
}
export interface Flaps {
  readonly count: number
  readonly last: number
}
/** The newest last; undefined where a round had no such number. */
export type Series = readonly (number | undefined)[]
export interface FelixHistory {
  readonly applySeconds: Series
  readonly memoryBytes: Series
  /** Share of one core: 0.25 is a quarter. */
  readonly cpu: Series
  /** Errors a minute, of all kinds together. */
  readonly errorRate: Series
  /** Errors a minute by kind, since the sample before. */
  readonly errorRates: Readonly<Record<string, number>>
}

/** Addresses and blocks of a pool, as they were seen before: for growth. */
export interface PoolPoint {
  readonly at: number
  readonly used?: number
  readonly blocks?: number
}

/** A finding by its identity: when it was first seen since the start. */
export type FirstSeen = Readonly<Record<string, number>>

/** Where one table stands. */
export interface TableState {
  /** Key of the row the cursor is on; undefined: the first row, whichever it is. */
  readonly selected?: string
  /** Where the cursor was, for when that row is gone. */
  readonly index: number
  readonly top: number
  /** Empty: all rows. */
  readonly filter: string
  /** Index of a column; undefined: problems first. */
  readonly sort?: number
  readonly reverse: boolean
}

/** A page that a row opened. */
export interface Detail {
  readonly view: TableView
  /** Key of the row. */
  readonly key: string
  readonly scroll: number
}

/** What the shell does for the reducer. */
export type Effect =
  | {readonly kind: 'quit'; readonly code: 0 | 130}
  | {readonly kind: 'suspend'}
  | {readonly kind: 'redraw'}
  | {readonly kind: 'copy'; readonly text: string}
  | {readonly kind: 'feed'; readonly command: FeedCommand}

export interface State {
  readonly look: Look
  readonly size: {readonly columns: number; readonly rows: number}
  /** The time shown, and what ages are counted from. */
  readonly now: number
  readonly startedAt: number
  /** true: the time of a saved cluster; ticks do not count. */
  readonly frozen: boolean
  readonly feed: {readonly mode: 'live' | 'bundle' | 'replay'; readonly intervalMs: number}
  readonly position?: {readonly round: number; readonly rounds: number}
  readonly api: {readonly connected: true} | {readonly connected: false; readonly since: number; readonly detail: string; readonly retryAt?: number}
  readonly paused: boolean

  readonly cluster?: ClusterSeen & {readonly at: number}
  readonly nodes: ReadonlyMap<string, NodeEntry>
  readonly typha?: Kept<Extract<TyphaSeen['typhas'], {known: true}>['value']>
  readonly ipam?: Kept<Extract<IpamSeen['pools'], {known: true}>['value']>
  readonly pools: ReadonlyMap<string, readonly PoolPoint[]>
  readonly report?: ReportSeen
  readonly firstSeen: FirstSeen

  readonly view: View
  readonly tables: Readonly<Record<TableView, TableState>>
  readonly detail?: Detail
  /** Lines that the overview and the help are scrolled by. */
  readonly scroll: number
  readonly help: boolean
  /** The filter being typed. */
  readonly prompt?: {readonly text: string; readonly before: string}
  readonly told?: {readonly text: string; readonly bad: boolean; readonly at: number}
  /** What `c` copied last: row and step of its fix. */
  readonly copied?: {readonly key: string; readonly step: number}
  /** What the event before asked the shell to do: each event begins with none. */
  readonly effects: readonly Effect[]
}

const table: TableState = {index: 0, top: 0, filter: '', reverse: false}

/** A screen of which nothing is known yet. */
export function initialState({look, now, size}: Pick<State, 'look' | 'now' | 'size'>): State {
  return {
    look,
    size,
    now,
    startedAt: now,
    frozen: false,
    feed: {mode: 'live', intervalMs: 5_000},
    api: {connected: true},
    paused: false,
    nodes: new Map(),
    pools: new Map(),
    firstSeen: {},
    view: 'overview',
    tables: {peers: table, nodes: table, felix: table, capacity: table, findings: table},
    scroll: 0,
    help: false,
    effects: [],
  }
}
