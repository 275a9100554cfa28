import {expect, test} from 'vitest'
import {runCli} from './run-cli.ts'

test.each([
  [['chekc'], 'Did you mean check?'],
  [['node', 'stauts'], 'Did you mean node status?'],
  [['explain', 'bgp/session-dwn'], 'Did you mean bgp/session-down'],
  [['check', '--only', 'bgq'], 'no such check or category: bgq'],
  [['check', '--only', 'bgp', '--skip', 'bgp'], 'leave no check'],
  [['check', '--fail-on', 'never'], '--fail-on'],
  [['check', '--nonsense'], '--nonsense'],
  [['check', '--timeout', 'soon'], 'not a duration'],
  [['check', '-o', 'xml'], '--output'],
  [['check', 'something'], 'unexpected argument: something'],
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

test('--version and version', async () => {
  const [flag, command] = await Promise.all([runCli(['--version']), runCli(['version'])])
  expect(flag.stdout).toMatch(/^calico-doctor\/\d+\.\d+\.\d+ \S+ node-v\d+/)
  expect(command.stdout).toBe(flag.stdout)
})

test.each(['/proc', '/nonexistent', '/dev/null'])('a home of %s, where nothing can be kept, costs nothing', async HOME => {
  expect(await runCli(['version'], {HOME})).toMatchObject({code: 0, stderr: ''})
})
