/** One key as the reducer knows it: a printable character itself, or a name. */
export type Key = Named | Character
export type Named =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageup'
  | 'pagedown'
  | 'home'
  | 'end'
  | 'tab'
  | 'shift-tab'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'ctrl-b'
  | 'ctrl-c'
  | 'ctrl-d'
  | 'ctrl-f'
  | 'ctrl-l'
  | 'ctrl-u'
  | 'ctrl-w'
  | 'ctrl-z'
export interface Character {
  readonly text: string
}

export interface KeysRead {
  readonly keys: readonly Key[]
  /** The beginning of a sequence whose end is in the next chunk: to be given back with it, or, when none comes, an Escape key. */
  readonly rest: string
}

/** What xterm, tmux, screen, the Linux console and PuTTY send: CSI and SS3 forms. */
const sequences: Readonly<Record<string, Named>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[7~': 'home',
  '[4~': 'end',
  '[8~': 'end',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[Z': 'shift-tab',
  OM: 'enter',
}
const controls: Readonly<Record<string, Named>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x02': 'ctrl-b',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x06': 'ctrl-f',
  '\x0c': 'ctrl-l',
  '\x15': 'ctrl-u',
  '\x17': 'ctrl-w',
  '\x1a': 'ctrl-z',
}

/** A whole CSI (with its parameters) or SS3 sequence after the escape character. */
const whole = /^(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/
/** One that may still grow. */
const begun = /^(?:\[[0-?]*[ -/]*|O)?$/
/** A terminal answers with long strings (OSC, DCS): never keys. */
const string = /^[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)/
const stringBegun = /^[\]P_^][^\x07\x1b]{0,4096}(?:\x1b)?$/

/** The keys of one chunk of input: several may come at once, and a sequence may be torn in two. Sequences of keys that mean nothing here are left out. Never throws. */
export function keysOf(chunk: string): KeysRead {
  const keys: Key[] = []
  for (let at = 0; at < chunk.length; ) {
    const character = String.fromCodePoint(chunk.codePointAt(at)!)
    if (character !== '\x1b') {
      keys.push(...keyOf(character))
      at += character.length
      continue
    }
    const rest = chunk.slice(at + 1)
    const sequence = whole.exec(rest)?.[0] ?? string.exec(rest)?.[0]
    if (sequence === undefined && (begun.test(rest) || stringBegun.test(rest))) return {keys, rest: chunk.slice(at)}
    if (sequence === undefined) keys.push('escape')
    else if (Object.hasOwn(sequences, sequence)) keys.push(sequences[sequence]!)
    at += 1 + (sequence?.length ?? 0)
  }
  return {keys, rest: ''}
}

/** What is left of a sequence that never ended: the Escape key, and after it what was typed. */
export const endedKeys = (rest: string): Key[] => (rest === '' ? [] : ['escape', ...keysOf(rest.slice(1).replaceAll('\x1b', '')).keys])

function keyOf(character: string): Key[] {
  const named = Object.hasOwn(controls, character) ? controls[character] : undefined
  if (named !== undefined) return [named]
  return /\p{Cc}|\p{Cs}/u.test(character) ? [] : [{text: character}]
}
