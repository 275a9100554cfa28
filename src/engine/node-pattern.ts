import type {KubeNode} from '../calico/kubernetes.ts'
import {isLabelSelector, matchesLabels} from '../calico/label-selector.ts'
import {UsageError} from './errors.ts'

type Named = Pick<KubeNode, 'name' | 'labels'>
export interface NodePattern {
  readonly text: string
  matches(node: Named): boolean
}

/** No name of a node and no glob for one holds any of these. */
const selectorSign = /[=!()/\s]/

/** `--node` as it was given: names and globs, several with commas between, and label selectors as `kubectl -l` takes them. Throws UsageError for what is none. */
export const nodePatterns = (given: readonly string[]): NodePattern[] =>
  given.flatMap(text => (selectorSign.test(text.trim()) ? bySelector(text) : byNames(text)))

function bySelector(text: string): NodePattern {
  if (!isLabelSelector(text))
    throw new UsageError(
      `neither a name, a glob nor a label selector: ${JSON.stringify(text)}`,
      'Write it as worker-1, worker-*, zone=a,!gpu or zone in (a,b).',
    )
  return {text, matches: ({labels}) => matchesLabels(labels, text)}
}

/** Nothing at all stays a pattern that fits no node: a variable that was not set must not mean every node. */
function byNames(text: string): NodePattern[] {
  const words = text.split(',').flatMap(word => word.trim() || [])
  return (words.length > 0 ? words : [text]).map(word => ({text: word, matches: ({name}) => matchesGlob(name, word)}))
}

/** `*` is any text, `?` any character; nothing else is special. Never backtracks further than the last `*`, so no glob takes long. */
export function matchesGlob(text: string, glob: string): boolean {
  let [inText, inGlob, star, retry] = [0, 0, -1, 0]
  while (inText < text.length) {
    if (glob[inGlob] === '*') {
      star = inGlob++
      retry = inText
    } else if (glob[inGlob] === '?' || glob[inGlob] === text[inText]) {
      inGlob++
      inText++
    } else if (star < 0) return false
    else {
      inGlob = star + 1
      inText = ++retry
    }
  }
  return /^\**$/.test(glob.slice(inGlob))
}
