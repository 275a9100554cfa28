import {onTestFinished} from 'vitest'
import {type Connection, connect} from '../../src/cluster/connect.ts'
import type {ConnectOptions} from '../../src/cluster/connect-options.ts'
import {SourceError} from '../../src/engine/errors.ts'

const noSignal = new AbortController().signal

/** Closed after the test. Nothing of this machine's environment gets in. */
export async function connected(options: Partial<ConnectOptions>): Promise<Connection> {
  const connection = await connect({signal: noSignal, env: {}, ...options})
  onTestFinished(connection.close)
  return connection
}

/** The sentence and the next step that a user would read. */
export async function refusal(options: Partial<ConnectOptions>): Promise<string> {
  try {
    ;(await connect({signal: noSignal, env: {}, ...options})).close()
  } catch (error) {
    if (error instanceof SourceError) return `${error.message} → ${error.next}`
    throw error
  }
  throw new Error('it connected')
}
