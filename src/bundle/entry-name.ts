import type {TarHeader} from 'modern-tar'

const longest = 1_000
const article: Readonly<Record<string, string>> = {link: 'a hard link', symlink: 'a symbolic link', fifo: 'a pipe'}

/** An entry's path as we show it and compare it, or why no bundle holds such an entry. */
export function nameOf({name, type = 'file'}: Pick<TarHeader, 'name' | 'type'>): {readonly path: string} | {readonly refused: string} {
  if (type !== 'file' && type !== 'directory') return {refused: `it holds ${article[type] ?? `a ${type.replace('-', ' ')}`}`}
  if (name.length > longest) return {refused: `it holds a name of more than ${longest} characters`}
  if (/^[/\\]|^[A-Za-z]:/.test(name)) return {refused: 'it holds an absolute name'}
  if (/\p{Cc}/u.test(name)) return {refused: 'it holds a name with control characters'}
  const parts = name.split(/[/\\]/)
  if (parts.includes('..')) return {refused: 'it holds a name that leads outside of it (..)'}
  return {path: parts.filter(part => part !== '' && part !== '.').join('/')}
}
