import type {Interfaces} from '@oclif/core'
import {UsageError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'

type Commands = Interfaces.Manifest['commands']

/** oclif answers a word it does not know with exit 127 or `command check:word not found`; ours is a usage error that names what is near. */
export function assertCommand(argv: readonly string[], commands: Commands): void {
  const words = wordsBeforeFlags(argv)
  if (words.length === 0 || words[0] === 'help') return
  const ids = Object.keys(commands).map(id => id.split(':'))
  const known = ids.filter(id => startsWith(words, id)).sort((a, b) => b.length - a.length)[0]
  if (known) return assertArguments(words.slice(known.length), known, commands)
  const isTopic = words.length === 1 && ids.some(id => id.length > 1 && id[0] === words[0])
  if (!isTopic)
    throw noSuchCommand(
      words.join(' '),
      ids.map(id => id.join(' ')),
    )
}

function assertArguments(rest: readonly string[], id: readonly string[], commands: Commands): void {
  const {args, strict} = commands[id.join(':')]!
  if (rest.length <= Object.keys(args).length || strict === false) return
  throw new UsageError(`unexpected argument: ${rest.at(-1)}`, `calico-doctor ${id.join(' ')} --help tells what it takes.`)
}

function noSuchCommand(words: string, names: readonly string[]): UsageError {
  const near = nearest(words, names)
  return new UsageError(`no such command: ${words}`, near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'calico-doctor --help lists the commands.')
}

function wordsBeforeFlags(argv: readonly string[]): string[] {
  const flag = argv.findIndex(word => word.startsWith('-'))
  return argv.slice(0, flag < 0 ? undefined : flag)
}

const startsWith = (words: readonly string[], id: readonly string[]) => id.every((word, index) => words[index] === word)
