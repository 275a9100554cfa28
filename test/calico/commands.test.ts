import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {patchCalico, setCalicoNodeMemory, shellWord} from '../../src/calico/owners/commands.ts'
import {manifestInstall} from '../../src/checks/example-cluster.ts'

const argvOf = (command: string): string[] =>
  JSON.parse(
    execFileSync('/bin/sh', ['-c', `show() { ${process.execPath} -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }; show ${command}`], {
      encoding: 'utf8',
    }),
  ) as string[]

test('a name is one word, whatever it holds', () => {
  const names = ['a b', "it's", '$(date)', '`date`', '"', '\\', '*', '~', '#', ';', '&', '|', '<', '>', '!', '', 'a\nb', '節点']
  expect(argvOf(names.map(shellWord).join(' '))).toEqual(names)
  fc.assert(
    fc.property(
      fc.array(
        fc.string({minLength: 1}).filter(name => !/[\0\ud800-\udfff]/.test(name) && !name.startsWith('-')),
        {minLength: 1},
      ),
      some => {
        expect(argvOf(some.map(shellWord).join(' '))).toEqual(some)
      },
    ),
    {numRuns: 20},
  )
})

test('no name is a flag', () => {
  expect(argvOf(`kubectl delete node ${['--all', '-A', '-'].map(shellWord).join(' ')}`)).toEqual(['kubectl', 'delete', 'node', '<--all>', '<-A>', '<->'])
  expect(argvOf(patchCalico('ippool', '--help', {disabled: true}))).toEqual([
    'calicoctl',
    'patch',
    'ippool',
    '<--help>',
    '-p',
    '{"disabled":true}'.replace(/.*/, '{"spec":$&}'),
  ])
})

test('flags of ours are', () => {
  expect(setCalicoNodeMemory(manifestInstall.value, '1Gi')).toContain(' --limits=memory=1Gi')
})
