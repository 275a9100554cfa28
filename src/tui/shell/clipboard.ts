/**
 * Puts text into the clipboard of the terminal that the person sits at, over ssh too: OSC 52. tmux hands such a sequence on only inside one of its own, or
 * when its set-clipboard is on: it gets both.
 */
export function clipboardSequence(text: string, inTmux: boolean): string {
  const osc = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`
  return inTmux ? `${osc}\x1bPtmux;${osc.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : osc
}
