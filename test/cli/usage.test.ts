import {expect, test} from 'vitest'
import {runCli} from './run-cli.ts'

test.each([
  [['chekc'], 'Did you mean check?'],
  [['node', 'stauts'], 'Did you mean node status?'],
  [['explain', 'bgp/session-dwn'], 'Did you mean bgp/session-down'],
  [['check', '--only', 'bgq'], 'no such check or category: bgq'],
  [['check', '--only', 'bgp', '--skip', 'bgp'], 'leave no check'],
  [['check', '--fail-on', 'never'], '--fail-on'],
  [['check', '--nonsense'], 'no such flag: --nonsense'],
  [['check', '--ndoe', 'worker-1'], 'Did you mean --node'],
  [['node', 'status', '--problem'], 'Did you mean --problems'],
  [['check', '--only', ''], 'an empty word'],
  [['check', '--timeout', 'soon'], 'Error: --timeout: not a duration: "soon"\nWrite it as'],
  [['check', '--concurrency', '0'], 'Error: --concurrency: Expected an integer'],
  [['check', '-o', 'xml'], '--output'],
  [['check', 'something'], 'unexpected argument: something'],
  [['bundle', 'diff', 'a.tar.gz'], 'Error: missing: B, the newer bundle\n'],
  [['bundle', 'show'], 'Error: missing: FILE, the bundle\n'],
  [['bundle', 'collect', '-f', ''], '--file: an empty name'],
  [['demo', '--scenario', 'helthy'], 'Did you mean healthy?'],
])('%j is wrong usage: exit 2 and a hint', async (argv, hint) => {
  const {code, stderr, stdout} = await runCli(argv)
  expect({code, stdout}).toEqual({code: 2, stdout: ''})
  expect(stderr).toContain(hint)
  expect(stderr).not.toMatch(/^ {4}at /m)
})

test.each([[['--help']], [['check', '--help']], [['node', '--help']], [['node', 'status', '--help']], [['explain', '--help']], [['demo', '--help']]])(
  '%j',
  async argv => {
    const {code, stdout} = await runCli(argv)
    expect(code).toBe(0)
    expect(stdout).toContain('USAGE')
  },
)

test('what was typed is shown escaped', async () => {
  const escapes = '\u001b[2J\u009b31m\u202e'
  for (const argv of [
    [escapes],
    ['check', `--${escapes}`],
    ['check', '--only', escapes],
    ['check', '-o', escapes],
    ['explain', escapes],
    ['demo', '--scenario', escapes],
  ]) {
    const {code, stderr} = await runCli(argv)
    expect(code).toBe(2)
    expect(stderr).toContain(String.raw`\x1b[2J\x9b31m\u202e`)
    expect(stderr).toMatch(/^[\x20-\x7e\n]*$/)
  }
})

test('--version and version', async () => {
  const [flag, command] = await Promise.all([runCli(['--version']), runCli(['version'])])
  expect(flag.stdout).toMatch(/^calico-doctor\/\d+\.\d+\.\d+ \S+ node-v\d+/)
  expect(command.stdout).toBe(flag.stdout)
})

test.each(['/proc', '/nonexistent', '/dev/null'])('a home of %s, where nothing can be kept, costs nothing', async HOME => {
  expect(await runCli(['version'], {HOME})).toMatchObject({code: 0, stderr: ''})
})

test('flags that exclude each other: one sentence', async () => {
  const {code, stderr} = await runCli(['node', 'status', '--bundle=x', '--watch'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^Error: --bundle=x cannot also be provided when using --watch\n/)
})
