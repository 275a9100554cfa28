import {Box, Text, useApp} from 'ink'
import {memo, useEffect, useSyncExternalStore} from 'react'
import type {Store} from './store.ts'

/** Gives the terminal to others for as long as the callback takes, and draws all anew afterwards. */
export type Suspend = (callback: () => Promise<void>) => Promise<void>

/** One Text for each row: four boxes a row cost six times as much, and a row that says the same is not made anew. */
const Row = memo(({text}: {readonly text: string}) => <Text wrap="truncate-end">{text}</Text>)

/** The whole screen. */
export function Screen({store, onReady}: {readonly store: Store; readonly onReady: (suspend: Suspend) => void}) {
  const {columns, lines} = useSyncExternalStore(store.subscribe, store.drawn)
  const {suspendTerminal} = useApp()
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal])
  return (
    <Box flexDirection="column" width={columns} height={lines.length}>
      {lines.map((line, index) => (
        // A line without text would have no height.
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of the screen stay where they are
        <Row key={index} text={line || ' '} />
      ))}
    </Box>
  )
}
