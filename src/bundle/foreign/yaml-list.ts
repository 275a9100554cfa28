import {load} from 'js-yaml'
import {deepest, mostValues, type Shrink} from './json-stream.ts'

const itemsKey = /^items:[ \t]*\r?\n( {0,4})- /m

/** A YAML document; a list item by item, so that memory never holds all of them whole. undefined for what is no object, or no YAML. Never throws. */
export function yamlValue(text: string, shrink: Shrink): unknown {
  const found = itemsKey.exec(text)
  return found ? listIn(text, found.index + found[0].indexOf('\n') + 1, found[1] ?? '', shrink) : yaml(text)
}

/** `from`: where the first item begins, `indent`: what stands before each item's dash. Everything in an item is indented deeper than its dash. */
function listIn(text: string, from: number, indent: string, shrink: Shrink): unknown {
  const to = endOfItems(text, from, indent)
  const list = yaml(`${text.slice(0, from).replace(/items:[ \t]*\r?\n$/, 'items: []\n')}${text.slice(to)}`)
  if (list === undefined) return undefined
  const items: unknown[] = []
  for (let at = from; at < to; ) {
    const next = nextItem(text, at, to, indent)
    const value = yaml(text.slice(at, next))
    if (!Array.isArray(value) || value.length !== 1 || items.length >= mostValues) return undefined
    items.push(shrink(value[0]))
    at = next
  }
  return {...list, items}
}

function nextItem(text: string, at: number, to: number, indent: string): number {
  const next = text.indexOf(`\n${indent}- `, at)
  return next < 0 || next + 1 >= to ? to : next + 1
}

/** The first line that is neither an item nor within one: the next key of the list. */
function endOfItems(text: string, from: number, indent: string): number {
  const other = new RegExp(`^(?! |\\r?$|#${indent === '' ? '|- ' : ''})`, 'gm')
  other.lastIndex = from
  return other.exec(text)?.index ?? text.length
}

/** Without aliases: kubectl writes none, and a few of them make an object of gigabytes. */
function yaml(text: string): object | undefined {
  try {
    const value = load(text, {maxDepth: deepest, maxAliases: 0})
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
