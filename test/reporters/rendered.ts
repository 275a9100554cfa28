import {spawnSync} from 'node:child_process'

/** GitHub's own renderer of Markdown; tests that need it are skipped where it is not installed. */
export const hasRenderer = spawnSync('cmark-gfm', ['--version']).status === 0
const extensions = ['table', 'autolink', 'strikethrough', 'tasklist'].flatMap(name => ['-e', name])

export interface Rendered {
  /** Names of all elements, each once. */
  readonly elements: readonly string[]
  /** Cells of each row, table by table. */
  readonly tables: readonly (readonly number[])[]
  /** What a reader sees. */
  readonly text: string
}

/** What a browser would be given, raw HTML and all. */
export function rendered(markdown: string): Rendered {
  const {stdout} = spawnSync('cmark-gfm', ['--unsafe', ...extensions], {input: markdown, encoding: 'utf8', maxBuffer: 1e9})
  const names = [...stdout.matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, name]) => name!.toLowerCase())
  const tables = stdout.match(/<table>[\s\S]*?<\/table>/g) ?? []
  return {
    elements: [...new Set(names)].sort(),
    tables: tables.map(table => (table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []).map(row => (row.match(/<t[hd][ >]/g) ?? []).length)),
    text: stdout.replaceAll(/<!--[\s\S]*?-->|<[^>]*>/g, ''),
  }
}
