import {expect} from 'vitest'
import type {Contract} from './contract.ts'
import {type ExecQuestion, exec} from './exec-client.ts'

/** Answers that both clusters' simulated machines give to commands of these names. */
export const playedCommands = {
  'say both': {exit: 3, stdout: 'out\n', stderr: 'err\n'},
  'say much': {exit: 0, stdout: `${'0123456789abcde\n'.repeat(65_536)}`, stderr: ''},
}

export function execContract({test, api, state, subject}: Contract): void {
  const agents = state.objects.pods!.filter(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-node')
  const [agent, dead] = agents as [(typeof agents)[number], (typeof agents)[number]]
  const usual = {namespace: 'kube-system', pod: agent.metadata.name, container: 'calico-node', command: ['true']}
  const ask = (question: Partial<ExecQuestion> = {}, identity = api().identity) => exec(identity, {...usual, ...question})

  test.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('%s: a hello, output, errors, a status, an end', async protocol => {
    const answer = await ask({command: ['say', 'both'], protocols: [protocol]})
    expect(answer).toEqual({
      protocol,
      stdout: Buffer.from('out\n'),
      stderr: Buffer.from('err\n'),
      status: {
        metadata: {},
        status: 'Failure',
        message: 'command terminated with non-zero exit code: command terminated with exit code 3',
        reason: 'NonZeroExitCode',
        details: {causes: [{reason: 'ExitCode', message: '3'}]},
      },
      messages: [
        [1, 0],
        [1, 4],
        [2, 4],
        [3, expect.any(Number)],
      ],
      closeCode: 1000,
    })
    expect(await ask({protocols: [protocol]})).toMatchObject({status: {metadata: {}, status: 'Success'}, closeCode: 1000})
  })

  test('of several protocols the newest', async () => {
    expect(await ask({protocols: ['v4.channel.k8s.io', 'v5.channel.k8s.io']})).toMatchObject({protocol: 'v5.channel.k8s.io'})
  })

  test('a megabyte, in messages that end anywhere', async () => {
    const answer = await ask({command: ['say', 'much']})
    expect('stdout' in answer && answer.stdout.equals(Buffer.from(playedCommands['say much'].stdout))).toBe(true)
    expect('messages' in answer && answer.messages.length).toBeGreaterThan(20)
    expect(answer).toMatchObject({status: {status: 'Success'}})
  })

  test('a command that is not there', async () => {
    const message = expect.stringMatching(
      /error executing command in container: .*OCI runtime exec failed: .*exec: "nosuch": executable file not found in \$PATH/,
    )
    expect(await ask({command: ['nosuch']})).toMatchObject({status: {status: 'Failure', reason: 'InternalError', code: 500, message}})
  })
  test('whose status a kubelet that translates v5 wraps once more', async () => {
    const twice = expect.stringMatching(/^Internal error occurred: Internal error occurred: error executing command in container: /)
    expect(await ask({command: ['nosuch'], protocols: ['v5.channel.k8s.io']})).toMatchObject({status: {message: twice}})
  })
  test('no command at all is the container runtime’s affair', async () => {
    expect(await ask({command: []})).toMatchObject({status: {status: 'Failure', reason: 'InternalError'}})
  })

  test('a pod or container that is not there', async () => {
    const wrong = async (question: Partial<ExecQuestion>) => {
      const answer = await ask(question)
      return 'refused' in answer ? [answer.refused, JSON.parse(answer.text).message] : answer
    }
    expect(await wrong({pod: 'nowhere'})).toEqual([404, 'pods "nowhere" not found'])
    expect(await wrong({namespace: 'default'})).toEqual([404, `pods "${usual.pod}" not found`])
    expect(await wrong({container: 'other'})).toEqual([400, `container other is not valid for pod ${usual.pod}`])
    expect(await ask({container: 'install-cni'})).toMatchObject({refused: 500, text: expect.stringContaining('container not found')})
  })
  test('a container that has ended is told in the kubelet’s plain words', async () => {
    expect(await ask({container: 'install-cni'})).toEqual({refused: 500, type: 'text/plain; charset=utf-8', text: 'container not found ("install-cni")'})
  })

  test('rights: get and create, both', async () => {
    const may = (...verbs: string[]) => [{verbs, apiGroups: [''], resources: ['pods/exec'], namespaces: ['kube-system']}]
    const users = {both: may('get', 'create'), get: may('get'), create: may('create'), neither: []}
    const add = (name: keyof typeof users) => subject().addUser(name, users[name])
    const [both, get, create, none] = await Promise.all([add('both'), add('get'), add('create'), add('neither')])
    expect(await ask({}, both)).toMatchObject({status: {status: 'Success'}})
    expect(await ask({}, get)).toMatchObject({refused: 403, text: expect.stringContaining(`pods \\"${usual.pod}\\" is forbidden: `)})
    const refusal = (user: string) => `User \\"demo-${user}\\" cannot get resource \\"pods/exec\\" in API group \\"\\" in the namespace \\"kube-system\\"`
    expect(await ask({}, create)).toMatchObject({refused: 403, text: expect.stringContaining(refusal('create'))})
    expect(await ask({}, none)).toMatchObject({refused: 403, text: expect.stringContaining(refusal('neither'))})
    const {token: _token, client: _client, ...server} = api().identity
    expect(await ask({}, {...server, token: 'wrong'})).toMatchObject({refused: 401, text: expect.stringContaining('"reason":"Unauthorized"')})
  })
  test('of the right to create it is not said that it is missing; it comes before the pod', async () => {
    const user = await subject().addUser('onlyget', [{verbs: ['get'], apiGroups: [''], resources: ['pods/exec'], namespaces: ['kube-system']}])
    for (const pod of [usual.pod, 'nowhere']) {
      const answer = await ask({pod}, user)
      expect(JSON.parse('text' in answer ? answer.text : '')).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `pods "${pod}" is forbidden: `,
        reason: 'Forbidden',
        details: {name: pod, kind: 'pods'},
        code: 403,
      })
    }
  })

  test('without an upgrade', async () => {
    for (const method of ['GET', 'POST']) {
      const told = async (pod: string) => {
        const {status, json} = await api().ask(method, `/api/v1/namespaces/kube-system/pods/${pod}/exec?command=true&stdout=true`)
        return [status, json().message]
      }
      expect(await told(usual.pod)).toEqual([400, 'Upgrade request required'])
      expect(await told('nowhere')).toEqual([404, 'pods "nowhere" not found'])
    }
  })

  test('a kubelet that does not answer', async () => {
    await subject().killKubelet((dead.spec as {nodeName: string}).nodeName)
    const answer = await ask({pod: dead.metadata.name})
    expect(answer).toMatchObject({refused: 500, type: 'application/json'})
    expect(JSON.parse('text' in answer ? answer.text : '')).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: expect.stringMatching(/^error dialing backend: dial tcp .*: connect: connection refused$/),
      code: 500,
    })
  })
}
