import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {Exec, KubeConfig, VersionApi} from '@kubernetes/client-node'
import {expect, onTestFinished, test} from 'vitest'
import {apiServer, startHttps} from '../helpers/api-server.ts'
import {channel, startExecServer} from '../helpers/exec-server.ts'
import {base64, kubeconfigFile, writeConfig} from '../helpers/kubeconfig.ts'
import {tempFolder, tempScript} from '../helpers/temp-folder.ts'

/*
 * Why src/cluster goes its own way in places: what client-node does there. A test that fails here is good news: upstream has mended it, and what
 * works round it in src/cluster can go.
 */

const loaded = (file: string) => {
  const config = new KubeConfig()
  config.loadFromFile(file)
  return config
}

test('kubernetes-client/javascript#2893: each request opens a connection of its own', async () => {
  const server = await startHttps(apiServer())
  const config = loaded(kubeconfigFile({server: server.url, cluster: {'certificate-authority-data': base64(server.authority.ca)}}))
  for (let index = 0; index < 5; index++) await config.makeApiClient(VersionApi).getCode()
  expect(server.connections()).toBe(5)
})

test('kubernetes-client/javascript#714: an exec whose socket closes without a status never ends', async () => {
  const server = await startExecServer(socket => (socket.send(channel(1, 'half')), socket.close()))
  const config = loaded(kubeconfigFile({server: server.url, cluster: {'certificate-authority-data': base64(server.authority.ca)}}))
  const stdout = new PassThrough().resume()
  const ended = Promise.withResolvers<string>()
  stdout.once('end', () => ended.resolve('end'))
  const socket = await new Exec(config).exec('ns', 'pod', 'container', ['true'], stdout, stdout, null, false, () => ended.resolve('status'))
  socket.on('close', () => setTimeout(() => ended.resolve('nothing'), 200))
  expect(await ended.promise).toBe('nothing')
})

test('kubernetes-client/javascript#1306: two files of $KUBECONFIG that share a name are refused', () => {
  const file = kubeconfigFile({server: 'https://first'})
  const {KUBECONFIG} = process.env
  onTestFinished(() => {
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG
    else process.env.KUBECONFIG = KUBECONFIG
  })
  process.env.KUBECONFIG = `${file}:${kubeconfigFile({server: 'https://second'})}`
  expect(() => new KubeConfig().loadFromDefault()).toThrow('Duplicate')
  process.env.KUBECONFIG = `${file}:/no/such/file`
  expect(() => new KubeConfig().loadFromDefault()).toThrow('ENOENT')
})

test('kubernetes-client/javascript#2373: groups of an impersonated user, and token files, are dropped', async () => {
  const token = writeConfig('secret', tempFolder(), 'token')
  const config = loaded(kubeconfigFile({server: 'https://first', user: {tokenFile: token, as: 'jane', 'as-groups': ['admins']}}))
  const options: {headers?: Record<string, unknown>} = {}
  await config.applyToHTTPSOptions(options as never)
  expect(options.headers).toEqual({'Impersonate-User': 'jane'})
})

test('kubernetes-client/javascript#2348: plain HTTP, as kubectl proxy has it, is refused', async () => {
  await expect(
    loaded(kubeconfigFile({server: 'http://127.0.0.1:1'}))
      .makeApiClient(VersionApi)
      .getCode(),
  ).rejects.toThrow('HTTP protocol is not allowed')
})

test('credential plugins run once for each of several first calls, and are told nothing of the cluster', async () => {
  const folder = tempFolder()
  const credential = JSON.stringify({status: {token: 't'}})
  const command = tempScript('plugin', `echo x >> ${folder}/runs; printf %s "$KUBERNETES_EXEC_INFO" > ${folder}/info; sleep 0.1; echo '${credential}'`, folder)
  const config = loaded(
    kubeconfigFile({server: 'https://first', user: {exec: {apiVersion: 'client.authentication.k8s.io/v1', command, provideClusterInfo: true}}}),
  )
  await Promise.all([1, 2, 3].map(() => config.applyToHTTPSOptions({} as never)))
  expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('x\nx\nx\n')
  expect(existsSync(join(folder, 'info')) && readFileSync(join(folder, 'info'), 'utf8')).toBe('')
})
