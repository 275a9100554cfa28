import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
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
