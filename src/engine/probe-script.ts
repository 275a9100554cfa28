import {detached} from '../calico/keep.ts'
import type {Probe, ProbeOutput} from './collector.ts'

/** Lines a probe may print unless it says otherwise. */
const defaultMaxLines = 20_000

/**
 * One POSIX shell script that asks all probes, each framed on stdout and stderr by a line with a nonce that no output can guess.
 * Uses only what the calico-node image has: sh, `timeout`, `sed`, `nice` (no head, no awk: facts of node/clean-up-filesystem.sh).
 * A probe that prints more than `maxLines` is cut on the node, and one line more than allowed tells us so.
 */
export function probeScript(probes: ReadonlyMap<string, Probe>, nonce: string, perProbeSeconds: number): string {
  const mark = (word: string) => `printf '\\n${nonce} ${word}\\n'`
  const ask = [
    // Probes share calico-node's own cgroup, so they step back; busybox's `timeout` of old images takes other arguments.
    `polite='timeout ${perProbeSeconds}'; $polite true 2>/dev/null || polite=; nice -n 10 true 2>/dev/null && polite="nice -n 10 $polite"`,
    'p(){ max=$1; shift',
    `${mark('begin %s %s')} "$n" "$i"; ${mark('begin %s %s')} "$n" "$i" >&2`,
    // The status of the left side of a pipe is lost in POSIX sh, so it travels on descriptor 3.
    `r=$( { { $polite "$@" 3>&-; printf %s "$?" >&3; } | sed "\${max}q" >&4; } 3>&1 )`,
    `${mark('end %s %s %s')} "$n" "$i" "$r"; ${mark('end %s %s %s')} "$n" "$i" "$r" >&2`,
    '[ "$r" != 127 ] && [ "$r" != 126 ]; } 4>&1',
  ].join('\n')
  const lines = [...probes].map(([name, {tries, maxLines = defaultMaxLines}]) => {
    const calls = tries.map((argv, index) => `{ i=${index}; p ${maxLines + 1} ${argv.map(quote).join(' ')}; }`)
    return `n=${quote(name)}; ${calls.join(' || ')}`
  })
  return [ask, ...lines, ':'].join('\n')
}

/** Splits the script's two streams again. A probe whose end is not there was cut: it is left out, and so is unknown. */
export function readProbes(stdout: string, stderr: string, probes: ReadonlyMap<string, Probe>, nonce: string): Map<string, ProbeOutput> {
  const errors = framesOf(stderr, nonce)
  const outputs = new Map<string, ProbeOutput>()
  for (const [key, {text, exit}] of framesOf(stdout, nonce)) {
    const [name, index] = key.split(' ') as [string, string]
    const probe = probes.get(name)
    const argv = probe?.tries[Number(index)]
    if (probe && argv) outputs.set(name, {argv, exit, ...cutLines(text, probe.maxLines), stderr: errors.get(key)?.text ?? ''})
  }
  return outputs
}

/** A probe's output cut at `maxLines`, when it printed more. */
export function cutLines(text: string, maxLines = defaultMaxLines): Pick<ProbeOutput, 'stdout' | 'cut'> {
  const lines = text.split('\n', maxLines + 2)
  // The line after the last allowed one may be blank, and then only its own end tells of it.
  const isCut = lines.length > maxLines + 1 || (lines.length > maxLines && lines.at(-1) !== '')
  return isCut ? {stdout: lines.slice(0, maxLines).join('\n'), cut: `more than ${maxLines} lines`} : {stdout: text}
}

function framesOf(stream: string, nonce: string): Map<string, {text: string; exit: number}> {
  const frames = new Map<string, {text: string; exit: number}>()
  const begin = `\n${nonce} begin `
  for (let at = stream.indexOf(begin); at >= 0; at = stream.indexOf(begin, at + 1)) {
    const keyEnd = stream.indexOf('\n', at + begin.length)
    if (keyEnd < 0) break
    const key = stream.slice(at + begin.length, keyEnd)
    const end = `\n${nonce} end ${key} `
    const stop = stream.indexOf(end, keyEnd)
    if (stop < 0) continue
    const exit = Number.parseInt(stream.slice(stop + end.length), 10)
    // The smallest answer would keep the whole stream alive, which is a megabyte where one probe dumps.
    frames.set(key, {text: detached(stream.slice(keyEnd + 1, stop)), exit: Number.isNaN(exit) ? 1 : exit})
  }
  return frames
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
