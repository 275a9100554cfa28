import {readFile} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {SourceError} from '../engine/errors.ts'
import type {Env} from './connect-options.ts'
import {usualPaths} from './kubeconfig-paths.ts'
import {oneLine, systemReason} from './words.ts'

/** One named entry, and the file it is from: relative paths in it are relative to that file. */
export interface Entry {
  readonly name: string
  readonly body: Readonly<Record<string, unknown>>
  readonly folder: string
}
export interface Kubeconfig {
  readonly files: readonly string[]
  readonly currentContext?: string
  readonly contexts: ReadonlyMap<string, Entry>
  readonly clusters: ReadonlyMap<string, Entry>
  readonly users: ReadonlyMap<string, Entry>
}

/**
 * Kubeconfig files merged as kubectl merges them (client-go: tools/clientcmd/loader.go): the first file that has a name wins, and files of
 * `$KUBECONFIG` that do not exist are skipped. client-node throws at both (kubernetes-client/javascript#1306). `files` is empty when there is none.
 * @throws SourceError for a file that was asked for and cannot be read, or is no kubeconfig
 */
export async function readKubeconfig(explicit: string | undefined, env: Env): Promise<Kubeconfig> {
  const paths = explicit === undefined ? usualPaths(env) : [resolve(explicit)]
  const read = await Promise.all(paths.map(path => readOne(path, explicit !== undefined)))
  return merged(read.filter(one => one !== undefined))
}

async function readOne(path: string, mustExist: boolean): Promise<Kubeconfig | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !mustExist) return undefined
    throw new SourceError(
      `The kubeconfig ${path} cannot be read: ${systemReason(error)}.`,
      error.code === 'ENOENT' ? 'Check --kubeconfig, or leave it out to use $KUBECONFIG or ~/.kube/config.' : 'Check the path and its permissions.',
      {cause: error},
    )
  })
  return text === undefined ? undefined : parsed(text, path)
}

async function parsed(text: string, path: string): Promise<Kubeconfig> {
  const {load} = await import('js-yaml')
  let document: unknown
  try {
    // An empty file is a kubeconfig without entries for kubectl; js-yaml throws at it.
    document = text.trim() === '' ? {} : (load(text) ?? {})
  } catch (error) {
    throw new SourceError(
      `The kubeconfig ${path} is not valid YAML: ${yamlReason(error)}.`,
      `kubectl config view --kubeconfig ${path} says the same; mend that line.`,
      {
        cause: error,
      },
    )
  }
  if (!isMapping(document)) throw notAKubeconfig(path)
  const entries = (list: string, part: string) => entriesOf(document[list], part, dirname(path))
  const current = document['current-context']
  return {
    files: [path],
    ...(typeof current === 'string' && current !== '' && {currentContext: current}),
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  }
}

function entriesOf(list: unknown, part: string, folder: string): Map<string, Entry> {
  const byName = new Map<string, Entry>()
  for (const item of Array.isArray(list) ? list : []) {
    if (!isMapping(item) || item.name === undefined || typeof item.name === 'object') continue
    const name = String(item.name)
    const body = item[part]
    if (!byName.has(name)) byName.set(name, {name, body: isMapping(body) ? body : {}, folder})
  }
  return byName
}

function merged(configs: readonly Kubeconfig[]): Kubeconfig {
  // A Map keeps the last of equal keys, and the first file wins.
  const union = (part: 'contexts' | 'clusters' | 'users') => new Map(configs.toReversed().flatMap(config => [...config[part]]))
  const currentContext = configs.find(config => config.currentContext !== undefined)?.currentContext
  return {
    files: configs.flatMap(({files}) => files),
    ...(currentContext !== undefined && {currentContext}),
    contexts: union('contexts'),
    clusters: union('clusters'),
    users: union('users'),
  }
}

const notAKubeconfig = (path: string) =>
  new SourceError(
    `${path} is not a kubeconfig: it has no clusters, users and contexts.`,
    'Check --kubeconfig or $KUBECONFIG; kubectl config view shows what a kubeconfig holds.',
  )

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

function yamlReason(error: unknown): string {
  const {reason, mark} = error as {reason?: string; mark?: {line: number; column: number}}
  const where = mark ? `line ${mark.line + 1}, column ${mark.column + 1}: ` : ''
  return `${where}${oneLine(reason ?? String(error))}`
}
