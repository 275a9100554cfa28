import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'

/** They measure memory, or change what all of a process shares. */
const alone = ['test/**/*-memory.test.ts', 'test/bundle/read.test.ts', 'test/bundle/foreign-hostile.test.ts']
/** Pure functions on facts: one process reads our modules once for many of these files, which halves what they cost. */
const pure = ['bundle', 'calico', 'checks', 'collectors', 'engine', 'reporters', 'tui'].map(folder => `test/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    projects: [
      {extends: true, test: {name: 'pure', include: pure, exclude: alone, isolate: false}},
      {extends: true, test: {name: 'other', include: ['test/**/*.test.ts'], exclude: [...pure, ...alone]}},
      {extends: true, test: {name: 'alone', include: alone}},
    ],
    pool: 'forks',
    // oclif prints through console.log: intercepted, captured output would be empty (oclif/test#655)
    disableConsoleIntercept: true,
    // Most of the time goes by waiting for deadlines, not for a processor: four at once take 70 s where two take 170 s on two cores.
    maxWorkers: Math.max(4, availableParallelism()),
    // What hangs is found all the same, and a busy machine is no fault.
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})
