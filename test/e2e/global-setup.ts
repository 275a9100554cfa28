import type {TestProject} from 'vitest/node'
import {type FoundAssets, findAssets} from './assets.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly e2e: FoundAssets
  }
}

/** Looks for the programs once, before the first test: the first time they are built for minutes. */
export default async function setup({provide}: TestProject): Promise<void> {
  const found = await findAssets()
  if ('missing' in found) process.stderr.write(`e2e: skipped: ${found.missing}\n`)
  provide('e2e', found)
}
