import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // oclif prints through console.log: intercepted, captured output would be empty (oclif/test#655)
    disableConsoleIntercept: true,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
