import type {Probe} from '../engine/collector.ts'
import {nothingThere, whereLoaded} from './node-scripts.ts'

/** What is known of a node's size before it is asked. */
export interface NodeSize {
  /** Of the whole cluster. */
  readonly nodes: number
  /** Of BIRD for IPv4. */
  readonly sessions: number
  /** Interfaces: one for each pod, and the node's own. */
  readonly links: number
}

/** One question to a node for people to read: a read command, and the file its answer becomes. */
export interface NodeQuestion {
  /** Under `nodes/<node>/`. */
  readonly name: string
  readonly tries: Probe['tries']
  /** What a script of ours is called in the manifest; otherwise the command itself. */
  readonly called?: string
  /** Most lines; what is longer is cut on the node. Left out where the size of a file decides. */
  readonly maxLines?: number
  /** Bytes to expect, from what such nodes were seen to say. */
  readonly bytes: (size: NodeSize) => number
  /** What matters is at the end. */
  readonly newest?: boolean
  readonly nothing?: Nothing
  /** The answer in words for people, where the node has none. */
  readonly readable?: (stdout: string) => string
}

/** The exit status by which a command without a word says that it has nothing to tell, and why. */
export interface Nothing {
  readonly exit: number
  readonly detail: string
  /** That there is nothing is what was asked for, and stands in the file; otherwise it is missed. */
  readonly isAnswer: boolean
}

/** As it stands in the manifest. */
export const commandOf = ({called}: Pick<NodeQuestion, 'called'>, argv: readonly string[]): string => called ?? argv.join(' ')

/** A question that would load a kernel module where it is not loaded: there it is not asked. */
export const askIfLoaded = (module: string, name: string, command: string, more: Pick<NodeQuestion, 'bytes' | 'maxLines'>): NodeQuestion => ({
  name,
  tries: [['sh', '-c', whereLoaded(module, command)]],
  called: command,
  nothing: {exit: nothingThere, detail: `${module} is not loaded on this node, so there is nothing to tell, and asking would load it`, isAnswer: true},
  ...more,
})
