import type {Mark} from '../../reporters/screen.ts'
import type {Style} from '../line.ts'
import type {Look} from '../state.ts'
import type {Cell} from '../table.ts'

/** The sign alone tells; the colour only helps to find it. */
const signs: Readonly<Record<Mark, readonly [unicode: string, ascii: string, style: Style]>> = {
  pass: ['✓', '+', 'good'],
  error: ['✗', 'x', 'bad'],
  warning: ['!', '!', 'warn'],
  info: ['i', 'i', 'accent'],
  unknown: ['?', '?', 'strong'],
  'not-applicable': ['-', '-', 'dim'],
}
export const markCell = (mark: Mark, {unicode}: Look): Cell => ({text: signs[mark][unicode ? 0 : 1], style: signs[mark][2]})

/** The worst first. */
const order: readonly Mark[] = ['error', 'warning', 'unknown', 'info', 'pass', 'not-applicable']
export const rankOf = (mark: Mark): number => order.indexOf(mark)
