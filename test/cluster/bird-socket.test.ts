import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {existsSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import fc from 'fast-check'
import {expect, onTestFinished, test} from 'vitest'
import {BirdReply} from '../../src/cluster/bird-reply.ts'
import {askBird, hasBirdSocket} from '../../src/cluster/bird-socket.ts'
import {startBird, startSocket} from '../helpers/bird-server.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const limits = {timeoutMs: 2_000, maxBytes: 100_000}
const table = `2002-name     proto    table    state  since       info
1002-device1  Device   master   up     03:39:36    
 Mesh_10_0_0_2 BGP      master   start  03:39:36    Active        Socket: Connection refused
0000 
`

test('prints what birdcl prints, without the codes', async () => {
  const path = await startBird({'show protocols': table})
  expect(await askBird([path], ['show', 'protocols'], limits)).toEqual({
    exit: 0,
    stdout: `BIRD v0.3.3+birdv1.6.8 ready.
name     proto    table    state  since       info
device1  Device   master   up     03:39:36    
Mesh_10_0_0_2 BGP      master   start  03:39:36    Active        Socket: Connection refused
`,
    stderr: '',
  })
})

test("BIRD's no is an answer", async () => {
  const path = await startBird({'show protocols x': '8003 No protocols match\n'})
  expect(await askBird([path], ['show', 'protocols', 'x'], limits)).toMatchObject({exit: 0, stdout: expect.stringContaining('\nNo protocols match\n')})
  expect(await askBird([path], ['bogus'], limits)).toMatchObject({exit: 0, stdout: expect.stringContaining('\nsyntax error\n')})
})

test('the first socket that is there is asked', async () => {
  const path = await startBird({'show protocols': table})
  expect(await askBird(['/no/bird.ctl', path], ['show', 'protocols'], limits)).toMatchObject({exit: 0})
})

test("nobody there: birdcl's own words, by the most telling path", async () => {
  const missing = {exit: 1, stdout: '', stderr: 'Unable to connect to server control socket (/no/bird.ctl): No such file or directory\n'}
  expect(await askBird(['/no/bird.ctl', '/no/other.ctl'], ['show', 'protocols'], limits)).toEqual(missing)
  const dead = join(tempFolder(), 'dead.ctl')
  // A socket whose owner is gone: what is left when BIRD was killed.
  spawnSync(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(dead)}, () => process.kill(process.pid, 'SIGKILL'))`])
  expect(await askBird(['/no/bird.ctl', dead], ['show', 'protocols'], limits)).toEqual({
    exit: 1,
    stdout: '',
    stderr: `Unable to connect to server control socket (${dead}): Connection refused\n`,
  })
})

test('a BIRD that says nothing, or not all, costs its time', async () => {
  const silent = await startSocket(() => {})
  expect(await askBird([silent], ['show', 'protocols'], {...limits, timeoutMs: 100})).toEqual({exit: 124, stdout: '', stderr: ''})
  const half = await startBird({'show protocols': '2002-name\n'})
  expect(await askBird([half], ['show', 'protocols'], {...limits, timeoutMs: 100})).toMatchObject({exit: 124, stdout: expect.stringContaining('\nname\n')})
})

test('a BIRD that hangs up', async () => {
  const path = await startSocket(socket => socket.end('0001 BIRD 1.6.8 ready.\n1002-half\n'))
  expect(await askBird([path], ['show', 'protocols'], limits)).toEqual({exit: 1, stdout: 'BIRD 1.6.8 ready.\nhalf\n', stderr: 'Connection closed by server\n'})
})

test('a flood is cut', async () => {
  const path = await startSocket(socket => {
    const flood = setInterval(() => socket.write('x'.repeat(65_536)), 1)
    socket.on('close', () => clearInterval(flood))
  })
  const answer = await askBird([path], ['show', 'protocols'], limits)
  expect(answer).toMatchObject({flooded: true})
  expect(answer.stdout.length).toBeLessThanOrEqual(100_000)
})

test('a socket is told from a file', async () => {
  const file = join(tempFolder(), 'bird.ctl')
  writeFileSync(file, '')
  expect(hasBirdSocket([file, '/no/bird.ctl', `${file}/below`])).toBe(false)
  expect(hasBirdSocket([file, await startBird({})])).toBe(true)
})

test('replies are the same however they are cut, and any text is read', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('0001 ', '1002-x', ' y', '\n', '0000 \n', '+z\n', '99'))), parts => {
      const [whole, pieces] = [new BirdReply(), new BirdReply()]
      whole.add(parts.join(''))
      for (const part of parts) pieces.add(part)
      expect([pieces.text, pieces.answers]).toEqual([whole.text, whole.answers])
    }),
  )
})

const bird = '/usr/sbin/bird'
const client = ['/usr/sbin/birdcl', '/usr/sbin/birdc'].find(path => existsSync(path))
test.skipIf(!existsSync(bird) || !client)('says of a real BIRD what its own client says (needs Debian package bird)', async () => {
  const folder = tempFolder()
  const path = join(folder, 'bird.ctl')
  writeFileSync(
    join(folder, 'bird.conf'),
    `router id 10.0.0.1;
protocol device { scan time 60; }
protocol bgp Mesh_10_0_0_2 { local as 64512; neighbor 127.0.0.2 port 1 as 64512; disabled yes; }
protocol bgp Node_10_0_0_9 { local as 64512; neighbor 127.0.0.3 port 1 as 64513; disabled yes; }
`,
  )
  const daemon = spawn(bird, ['-f', '-c', join(folder, 'bird.conf'), '-s', path, '-P', join(folder, 'pid')], {stdio: 'ignore'})
  onTestFinished(() => void daemon.kill('SIGKILL'))
  await expect.poll(() => hasBirdSocket([path]), {timeout: 5_000}).toBe(true)
  for (const command of ['show protocols', 'show protocols all', "show protocols all 'Mesh_10_0_0_2'", "show protocols 'nope'", 'show status', 'bogus']) {
    const own = execFileSync(client!, ['-s', path, ...command.split(' ')], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})
    const answer = await askBird([path], command.split(' '), limits)
    // The help text of birdc for a command that it does not know is its own; BIRD says `syntax error`.
    if (command !== 'bogus') expect(withoutClock(answer.stdout)).toBe(withoutClock(own))
    expect(answer).toMatchObject({exit: 0, stderr: ''})
  }
})
const withoutClock = (text: string) => text.replace(/Current server time is .*/g, '')

test('no socket is left behind', async () => {
  const server = createServer()
  const path = join(tempFolder(), 'bird.ctl')
  let closed = 0
  server.on('connection', socket => {
    socket.on('close', () => closed++)
    socket.write('0001 BIRD 1.6.8 ready.\n')
    socket.on('data', () => socket.write('0000 \n'))
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  await askBird([path], ['show', 'status'], limits)
  await expect.poll(() => closed).toBe(1)
})
