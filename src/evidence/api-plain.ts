/** Text of others on one line of a page for people: no control or format characters, no more than so many. */
export function plain(text: string, most = 200): string {
  const line = text
    .slice(0, 2 * most)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}
