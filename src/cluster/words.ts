/** A name for a sentence: quoted, control characters escaped, never endless. */
export const quoted = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)

/** Text of others on one line without control characters, cut where it gets long. */
export function oneLine(text: string, most = 300): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}

/** What a program said before it gave up. */
export const firstLines = (text: string): string => oneLine(text.split('\n').filter(Boolean).slice(0, 3).join(' | '))

const reasons: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
}
/** Why a file cannot be read, in words. */
export const systemReason = (error: NodeJS.ErrnoException): string => reasons[error.code ?? ''] ?? oneLine(error.message)

/** `15 s`, `500 ms`. */
export const duration = (ms: number): string => (ms >= 1000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms)} ms`)
