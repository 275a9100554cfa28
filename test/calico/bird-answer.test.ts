import {spawnSync} from 'node:child_process'
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {readDetails} from '../../src/calico/bird-details.ts'
import {birdArgv, birdDetailsArgv} from '../../src/calico/bird-sockets.ts'
import {readBird} from '../../src/collectors/bird-answer.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/bird/${name}.txt`, import.meta.url), 'utf8')

describe('what birdcl says', () => {
  const said = (exit: number, stderr: string, stdout = '') => readBird({argv: birdArgv(4), exit, stdout, stderr}, 4)
  const noSocket = (errno: string) => `Unable to connect to server control socket (/var/run/calico/bird.ctl): ${errno}`
  test('sessions', () => expect(said(0, '', fixture('mesh'))).toMatchObject({known: true, value: {running: true, sessions: [{}, {}, {}]}}))
  test.each(['No such file or directory', 'Connection refused', 'Not a directory'])('%s: BIRD does not run', errno => {
    expect(said(1, `${noSocket(errno)}\n`)).toEqual({known: true, value: {running: false, reason: noSocket(errno)}})
    expect(said(1, '', `${noSocket(errno)}\r\n`)).toEqual({known: true, value: {running: false, reason: noSocket(errno)}})
  })
  test.each([
    ['Permission denied', 'forbidden'],
    ['Operation not permitted', 'forbidden'],
    ['Resource temporarily unavailable', 'failed'],
    ['Too many open files', 'failed'],
  ])('%s says nothing of BIRD: %s', (errno, why) => expect(said(1, noSocket(errno))).toMatchObject({known: false, why}))
  test.each([
    ['Connection closed by server', ''],
    ['', fixture('access-denied')],
    ['', ''],
  ])('%j and %.20j are no finding', (stderr, stdout) => expect(said(1, stderr, stdout)).toMatchObject({known: false, why: 'failed'}))
  test('an empty answer is not "no sessions"', () => expect(() => said(0, '', '')).toThrow('no answer'))
})

describe('the loop over sessions that are down', () => {
  const directory = mkdtempSync(join(tmpdir(), 'birdcl-'))
  afterAll(() => rmSync(directory, {recursive: true, force: true, maxRetries: 10, retryDelay: 100}))
  const log = join(directory, 'asked')
  /** A birdcl that notes what it is asked, and answers `show protocols` with a file. */
  const ask = (rows: string, argv = birdDetailsArgv(4)) => {
    rmSync(log, {force: true})
    writeFileSync(join(directory, 'rows'), rows)
    const birdcl = `#!/bin/sh\nshift 2\n[ "$*" = "show protocols" ] && exec cat '${directory}/rows'\nprintf '%s\\n' "$*" >> '${log}'\nprintf '%s\\n' "$4 BGP master start 10:00:00 Idle"\n`
    for (const name of ['birdcl', 'birdcl6']) {
      writeFileSync(join(directory, name), birdcl)
      chmodSync(join(directory, name), 0o755)
    }
    const {status, stdout} = spawnSync(argv[0]!, argv.slice(1), {encoding: 'utf8', env: {PATH: `${directory}:/usr/bin:/bin`}, cwd: directory})
    return {status, stdout, asked: readOr(log).split('\n').filter(Boolean)}
  }
  const readOr = (file: string) => {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      return ''
    }
  }
  const row = (name: string, info = 'Idle') => `${name} BGP      master   start  10:00:00    ${info}          \n`
  const head = 'BIRD 1.6.8 ready.\nname     proto    table    state  since       info\nkernel1  Kernel   master   up     10:00:00    \n'

  test('asks for those alone, by quoted names', () => {
    const {status, stdout, asked} = ask(head + row('Mesh_10_0_0_2', 'Established') + row('Mesh_10_0_0_3') + row('up-link.1', ''))
    expect(status).toBe(0)
    expect(asked).toEqual(["show protocols all 'Mesh_10_0_0_3'", "show protocols all 'up-link.1'"])
    expect(readDetails(stdout).map(({name}) => name)).toEqual(["'Mesh_10_0_0_3'", "'up-link.1'"])
    expect(ask(head + row('Mesh_fd00__1'), birdDetailsArgv(6)).asked).toEqual(["show protocols all 'Mesh_fd00__1'"])
  })
  test('nothing down is nothing asked', () => expect(ask(head + row('Mesh_10_0_0_2', 'Established'))).toEqual({status: 0, stdout: '', asked: []}))
  test('at most fifty', () => {
    const rows = Array.from({length: 60}, (_, number) => row(`Mesh_10_0_0_${number}`)).join('')
    expect(ask(head + rows).asked).toHaveLength(50)
  })
  test.each(['$(touch$IFSpwned)', '`touch$IFSpwned`', "a'b", 'a"b', 'a;touch$IFSpwned', '-v', "';disable*;'", '*', 'a\\b'])('%s is no name', name => {
    const {asked} = ask(head + row(name) + row('Mesh_10_0_0_3'))
    expect(asked.filter(command => !/^show protocols all '[\w.:-]+'$/.test(command))).toEqual([])
    expect(asked).toContain("show protocols all 'Mesh_10_0_0_3'")
    expect(readOr(join(directory, 'pwned'))).toBe('')
  })
  test('without a client, or a daemon, it fails', () => {
    const [shell = '', ...rest] = birdDetailsArgv(4)
    expect(spawnSync(shell, rest, {env: {PATH: '/usr/bin:/bin'}}).status).toBe(127)
  })
})
