import {createServer} from 'node:net'
import {expect, test} from 'vitest'
import {runCli, tempFile} from './run-cli.ts'
import {signalWhen} from './signal-when.ts'

test('Ctrl-C ends a look that waits for a silent API server: 130, at once', async () => {
  let isAsked = false
  const server = createServer(socket => {
    isAsked = true
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const {port} = server.address() as {port: number}
  const kubeconfig = tempFile(
    'kubeconfig',
    `apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:${port}', insecure-skip-tls-verify: true}}]\nusers: [{name: u, user: {token: t}}]\n`,
  )
  const ran = await runCli(
    ['check', `--kubeconfig=${kubeconfig}`],
    {},
    signalWhen(() => isAsked, 'SIGINT'),
  )
  server.close()
  expect(ran).toMatchObject({code: 130, stdout: ''})
  expect(ran.ms).toBeLessThan(25_000)
})
