import type {Screen} from '../reporters/screen.ts'

/** A pipe and a file get 100 columns and no colour; NO_COLOR (no-color.org) and TERM=dumb none either. */
export function screen(flags: {'no-color'?: boolean}, stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout, env = process.env): Screen {
  const colour = stream.isTTY && !flags['no-color'] && !env.NO_COLOR && env.TERM !== 'dumb'
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return {width: Math.max(40, stream.columns || 100), colour: Boolean(colour), unicode: /utf-?8/i.test(locale) || locale === ''}
}
