import {defineConfig} from 'vitest/config'

/** `vitest run --config test/e2e/vitest.config.ts`: against etcd and kube-apiserver, see assets.ts for where they come from. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['test/e2e/global-setup.ts'],
    pool: 'forks',
    // Each file starts a control plane, which keeps a core busy for some seconds.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
