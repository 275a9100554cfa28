import {dump} from 'js-yaml'

/** What JSON and YAML allow as it is and a terminal obeys or hides: C1 controls, bidi and other format characters, line separators. */
const obeyed = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu

/** For machines, and safe to look at: the same values, with nothing in it that a terminal obeys. `indent` 0: one line. */
export const jsonText = (document: unknown, indent = 2): string =>
  JSON.stringify(document, null, indent).replace(obeyed, character =>
    codeUnits(character)
      .map(unit => `\\u${hex(unit, 4)}`)
      .join(''),
  )

/** Only double quotes know escapes in YAML, so all text is quoted where there is something to escape. Keys are ours. */
export function yamlText(document: unknown): string {
  const plain = dump(document, {lineWidth: -1, noRefs: true})
  if (plain.search(obeyed) < 0) return plain
  const quoted = dump(document, {lineWidth: -1, noRefs: true, forceQuotes: true, quoteStyle: 'double'})
  return quoted.replace(obeyed, character => `\\U${hex(character.codePointAt(0)!, 8)}`)
}

const codeUnits = (character: string) => Array.from({length: character.length}, (_, index) => character.charCodeAt(index))
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0')
