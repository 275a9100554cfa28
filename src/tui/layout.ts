import type {State} from './state.ts'

/** What the columns are made for. Smaller terminals are told so. */
export const least = {columns: 80, rows: 24}
export const isTooSmall = ({size}: Pick<State, 'size'>): boolean => size.columns < least.columns || size.rows < least.rows

/** Rows between title and views above, status and keys below. */
export const bodyHeight = ({size}: Pick<State, 'size'>): number => size.rows - 4
/** The same without the table's head. */
export const tableHeight = (state: Pick<State, 'size'>): number => bodyHeight(state) - 1
