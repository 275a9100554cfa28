import {isWord, type Node, type Test} from './pattern.ts'

/** Thompson's program: each character of the text meets each of its steps once at most, so that time is bounded whatever the pattern. */
type Step =
  | {readonly op: 'char'; readonly test: Test}
  | {readonly op: 'assert'; readonly what: '^' | '$' | 'b' | 'B'}
  | {readonly op: 'split'; a: number; b: number}
  | {readonly op: 'found'}

const mostSteps = 300

/** Whether the pattern is anywhere in a text. A string instead: why it cannot be matched, in words. */
export function matcherOf(pattern: Node): ((text: string) => boolean) | string {
  const steps: Step[] = []
  if (!emit(pattern, steps)) return 'too much to repeat'
  steps.push({op: 'found'})
  return text => run(steps, text)
}

/** false: the program grew too long. */
function emit(node: Node, steps: Step[]): boolean {
  if (steps.length > mostSteps) return false
  switch (node.kind) {
    case 'char':
      return steps.push({op: 'char', test: node.test}) > 0
    case 'assert':
      return steps.push({op: 'assert', what: node.what}) > 0
    case 'all':
      return node.parts.every(part => emit(part, steps))
    case 'any':
      return emitAny(node.parts, steps)
    case 'repeat':
      return emitRepeat(node, steps)
  }
}

function emitAny(parts: readonly Node[], steps: Step[]): boolean {
  const ends: Extract<Step, {op: 'split'}>[] = []
  for (const part of parts.slice(0, -1)) {
    const split = splitAt(steps)
    if (!emit(part, steps)) return false
    ends.push(splitAt(steps))
    split.b = steps.length
  }
  const done = emit(parts.at(-1)!, steps)
  for (const end of ends) end.a = end.b = steps.length
  return done
}

function emitRepeat({part, least, most}: Extract<Node, {kind: 'repeat'}>, steps: Step[]): boolean {
  for (let count = 0; count < least; count++) if (!emit(part, steps)) return false
  if (most === Number.POSITIVE_INFINITY) {
    const start = steps.length
    const split = splitAt(steps)
    if (!emit(part, steps)) return false
    steps.push({op: 'split', a: start, b: start})
    split.b = steps.length
    return true
  }
  const splits: Extract<Step, {op: 'split'}>[] = []
  for (let count = least; count < most; count++) {
    splits.push(splitAt(steps))
    if (!emit(part, steps)) return false
  }
  for (const split of splits) split.b = steps.length
  return true
}

/** Both ways lead to the next step until one is told where else. */
function splitAt(steps: Step[]): Extract<Step, {op: 'split'}> {
  const split: Extract<Step, {op: 'split'}> = {op: 'split', a: steps.length + 1, b: steps.length + 1}
  steps.push(split)
  return split
}

function run(steps: readonly Step[], text: string): boolean {
  const visited = new Int32Array(steps.length).fill(-1)
  let current: number[] = []
  for (let at = 0; at <= text.length; at++) {
    // The pattern may begin anywhere.
    if (follow(0, {steps, text, at, visited, into: current})) return true
    const character = text[at]
    if (character === undefined) return false
    const following: number[] = []
    const move = {steps, text, at: at + 1, visited, into: following}
    for (const index of current) {
      const step = steps[index]!
      if (step.op === 'char' && step.test(character) && follow(index + 1, move)) return true
    }
    current = following
  }
  return false
}

interface Move {
  readonly steps: readonly Step[]
  readonly text: string
  readonly at: number
  /** By step: the place in the text at which it was reached last. */
  readonly visited: Int32Array
  /** Steps that wait for a character. */
  readonly into: number[]
}

/** Goes on to all steps that need no character; true when the end is among them. */
function follow(from: number, {steps, text, at, visited, into}: Move): boolean {
  const open = [from]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (visited[index] === at) continue
    visited[index] = at
    const step = steps[index]!
    if (step.op === 'found') return true
    if (step.op === 'char') into.push(index)
    else if (step.op === 'split') open.push(step.b, step.a)
    else if (holds(step.what, text, at)) open.push(index + 1)
  }
  return false
}

function holds(what: '^' | '$' | 'b' | 'B', text: string, at: number): boolean {
  if (what === '^') return at === 0
  if (what === '$') return at === text.length
  const edge = isWord(text[at - 1] ?? '') !== isWord(text[at] ?? '')
  return (what === 'b') === edge
}
