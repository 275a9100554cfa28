import {expect, test} from 'vitest'
import {known, unknown} from '../../src/engine/collected.ts'
import type {FeedEvent} from '../../src/tui/events.ts'
import {bgp, cluster, downSession, facts, finding, incident, look, report, session, start} from './cluster.ts'
import {after, cursorLine, linesOf, screenOf, textOf, typed} from './helpers.ts'

const down = '\x1b[B'
const escape = '\x1b\x1b'
const peers = () => typed(screenOf(incident), '2')

test('keys choose the views, Tab goes round, several keys in one chunk all count', () => {
  const names = ['Overview', 'Peers', 'Nodes', 'Felix', 'Typha & IPAM', 'Findings']
  for (const [index, name] of names.entries()) {
    expect(textOf(typed(screenOf(incident), String(index + 1)))).toContain(`[${index + 1} ${name}`)
    expect(textOf(typed(screenOf(incident), '\t'.repeat(index)))).toContain(`[${index + 1} ${name}`)
  }
  expect(textOf(typed(screenOf(incident), '\x1b[Z'))).toContain('[6 Findings')
  expect(typed(screenOf(incident), '2jjj').tables.peers.index).toBe(3)
})

test('the cursor moves by row and page, to the ends, and stays inside', () => {
  const state = peers()
  expect(cursorLine(state)).toContain('worker-1')
  expect(typed(state, `j${down}jk`).tables.peers.index).toBe(2)
  expect(typed(state, 'kkk').tables.peers.index).toBe(0)
  expect(typed(state, 'G').tables.peers.index).toBe(7)
  expect(typed(state, 'Gjjjg').tables.peers.index).toBe(0)
  expect(typed(state, '\x1b[6~\x1b[6~').tables.peers.index).toBe(7)
  expect(typed(state, '\x1b[F\x1b[5~').tables.peers.index).toBe(0)
})

test('the cursor stays on its row when rows move, and on the first row when nobody moved it', () => {
  const moved = typed(peers(), '/worker-3.*established\rjj')
  const key = moved.tables.peers.selected
  const later = after(moved, {
    type: 'looks',
    looks: [look('worker-3', start + 5_000, bgp(downSession({peerAddress: '10.0.0.1', peerNode: 'worker-1'}), session()))],
  })
  expect(later.tables.peers.selected).toBe(key)
  const fresh = after(peers(), {type: 'looks', looks: [look('worker-0', start, bgp(downSession()))]})
  expect(cursorLine(fresh)).toContain('worker-0')
})

test('problems come first; s goes through the columns that are shown, S turns the order round', () => {
  const marks = (state: Parameters<typeof linesOf>[0]) =>
    linesOf(state)
      .slice(3, 11)
      .map(line => line[0])
  expect(marks(peers())).toEqual(['✗', '✗', '?', '✓', '✓', '✓', '✓', '✓'])
  expect(textOf(typed(peers(), 's'))).toMatch(/NODE▼.*by NODE/s)
  expect(marks(typed(peers(), 'sS'))[0]).toBe('?')
  const count = 11
  expect(textOf(typed(peers(), 's'.repeat(count + 1)))).toContain('problems first')
})

test('a filter works while it is typed, is kept by Enter and dropped by Esc', () => {
  const typing = typed(peers(), '/refused')
  expect(typing.prompt?.text).toBe('refused')
  expect(textOf(typing)).toContain('/refused')
  expect(linesOf(typing).filter(line => /^[✗✓?]/.test(line))).toHaveLength(1)
  const kept = typed(typing, '\r')
  expect(textOf(kept)).toContain('1-1 of 1 (8 without filter)')
  expect(typed(kept, escape).tables.peers.filter).toBe('')
  expect(typed(typing, escape).tables.peers.filter).toBe('')
  expect(typed(kept, '/\x7f\x7f\x15!established\r').tables.peers.filter).toBe('!established')
  expect(linesOf(typed(kept, '/\x15!established\r')).filter(line => /^[✗✓]/.test(line))).toHaveLength(2)
  expect(textOf(typed(peers(), '/no such thing\r'))).toContain('No row matches the filter')
})

test('keys that mean something elsewhere are text in a filter', () => {
  const state = typed(peers(), '/q2?jp')
  expect(state.tables.peers.filter).toBe('q2?jp')
  expect(state.effects).toEqual([])
})

test('a filter that is none says why, and shows all rows', () => {
  const state = typed(peers(), '/(')
  expect(textOf(state)).toContain('no filter yet: a ( without )')
  expect(linesOf(state).filter(line => /^[✗✓?]/.test(line))).toHaveLength(8)
})

test('Enter opens a session, Esc goes back to the same row', () => {
  const open = typed(peers(), 'jjj\r')
  expect(textOf(open)).toMatch(/worker-1 to worker-3[\s\S]*Routes in +4[\s\S]*Hold timer +172\/240/)
  const back = typed(open, escape)
  expect(back.detail).toBeUndefined()
  expect(back.tables.peers.index).toBe(3)
})

test('Enter opens a node: what it is, its MTUs, its sessions, its environment', () => {
  const page = textOf(typed(screenOf(incident), '3/worker-1\r\r'))
  for (const part of ['calico-node', 'v3.30.1', 'NIC', '1500 (eth0)', 'vxlan.calico', 'Connection refused', 'CALICO_NETWORKING_BACKEND=bird'])
    expect(page).toContain(part)
})

test('Enter opens a finding: why, evidence, fix, how to verify; c copies the fix', () => {
  const open = typed(screenOf(incident), '6\r')
  for (const part of ['Why it matters', 'Evidence', 'Connection refused', 'Fix', 'kubectl -n calico-system logs', 'Verify'])
    expect(textOf(open)).toContain(part)
  const command = 'kubectl -n calico-system logs calico-node-worker-2 -c calico-node --tail=50'
  const copied = typed(open, 'c')
  expect(copied.effects).toEqual([{kind: 'copy', text: command}])
  expect(textOf(copied)).toContain(`clipboard: ${command}`)
  expect(typed(screenOf(incident), '6c').effects).toEqual([{kind: 'copy', text: command}])
  expect(typed(peers(), 'c').effects).toEqual([])
  expect(textOf(typed(peers(), 'c'))).toContain('choose one in Findings')
})

test('of several commands each c copies one, in turn', () => {
  const steps = finding({fix: [{text: 'See.', command: 'kubectl get a'}, {text: 'Then.'}, {text: 'Mend.', command: 'kubectl apply -f - <<EOF\na\nEOF'}]})
  const copies = (keys: string) => typed(screenOf([report([steps])]), `6${keys}`)
  expect(copies('c').effects).toEqual([{kind: 'copy', text: 'kubectl get a'}])
  expect(textOf(copies('c'))).toContain('step 1 of 2, c again for the next: kubectl get a')
  expect(typed(copies('c'), 'c').effects).toEqual([{kind: 'copy', text: 'kubectl apply -f - <<EOF\na\nEOF'}])
  expect(textOf(typed(copies('c'), 'c'))).toContain('kubectl apply -f - <<EOF (and 2 more lines)')
  expect(typed(copies('cc'), 'c').effects).toEqual([{kind: 'copy', text: 'kubectl get a'}])
})

test('the node that causes it comes before those that suffer from it', () => {
  const dead = known({daemons: [{family: 'IPv4' as const, running: false, expected: 'yes' as const, version: null, reason: 'Connection refused'}], rows: []})
  const state = screenOf([{type: 'looks', looks: [look('a', start, bgp(downSession())), look('b', start, bgp(downSession())), look('z', start, dead)]}])
  expect(cursorLine(typed(state, '2'))).toMatch(/z +BIRD for IPv4 is not running: Connection refused/)
  expect(cursorLine(typed(state, '3'))).toContain('z ')
})

test('a command with a name that holds a line break is copied as one line', () => {
  const hostile = finding({subjects: [{kind: 'Node', name: 'a\nrm -rf /'}], fix: [{text: 'Look.', command: 'kubectl logs a\nrm -rf /'}]})
  const {effects} = typed(screenOf([report([hostile])]), '6c')
  expect(effects).toEqual([{kind: 'copy', text: String.raw`kubectl logs a\nrm -rf /`}])
})

test('what a finding opened is gone when the finding is', () => {
  const open = typed(screenOf(incident), '6\r')
  expect(textOf(after(open, report([])))).toContain('This is gone')
})

test('an effect is asked for once', () => {
  const state = typed(screenOf(incident), 'q')
  expect(state.effects).toEqual([{kind: 'quit', code: 0}])
  expect(after(state, {type: 'tick', now: start + 1_000}).effects).toEqual([])
  expect(typed(screenOf(incident), '\x03').effects).toEqual([{kind: 'quit', code: 130}])
  expect(typed(screenOf(incident), '2/abc\x1a').effects).toEqual([{kind: 'suspend'}])
  expect(typed(screenOf(incident), '\x0c').effects).toEqual([{kind: 'redraw'}])
})

test('r looks again at what is under the cursor, p pauses, w writes', () => {
  const commands = (keys: string) => typed(screenOf(incident), keys).effects.flatMap(effect => (effect.kind === 'feed' ? [effect.command] : []))
  expect(commands('2r')).toEqual([{kind: 'again', node: 'worker-1'}])
  expect(commands('6r')).toEqual([{kind: 'again', check: 'bgp/session-down'}])
  expect(commands('6\rr')).toEqual([{kind: 'again', check: 'bgp/session-down'}])
  expect(commands('1r')).toEqual([{kind: 'again'}])
  expect(commands('w')).toEqual([{kind: 'write'}])
  expect(commands('pp')).toEqual([
    {kind: 'pause', paused: true},
    {kind: 'pause', paused: false},
  ])
  expect(textOf(typed(screenOf(incident), 'p'))).toContain('PAUSED')
})

test('a saved cluster says that there is nobody to ask, and its time stands still', () => {
  const saved = screenOf([{type: 'feed', mode: 'bundle', intervalMs: 0}, {type: 'clock', now: start}, ...incident.slice(1)])
  for (const key of ['r', 'p', 'w']) expect(typed(saved, key).effects).toEqual([])
  expect(textOf(typed(saved, 'r'))).toContain('saved cluster')
  expect(after(saved, {type: 'tick', now: start + 1e9}).now).toBe(start)
})

test('a replay is stepped, which pauses it, and told anew keeps the view', () => {
  const replay = screenOf([{type: 'feed', mode: 'replay', intervalMs: 5_000}, ...incident.slice(1), {type: 'position', round: 3, rounds: 9}])
  expect(typed(replay, '\x1b[C').effects).toEqual([
    {kind: 'feed', command: {kind: 'pause', paused: true}},
    {kind: 'feed', command: {kind: 'step', by: 1}},
  ])
  expect(typed(typed(replay, 'p'), '\x1b[D').effects).toEqual([{kind: 'feed', command: {kind: 'step', by: -1}}])
  expect(textOf(replay)).toContain('round 3 of 9')
  const anew = after(typed(replay, '2'), {type: 'anew'})
  expect([anew.view, anew.nodes.size, anew.report]).toEqual(['peers', 0, undefined])
})

test('help lies over everything, and q and Esc leave it', () => {
  const help = typed(peers(), '?')
  expect(textOf(help)).toContain('filter: a regular expression')
  for (const key of ['q', '?', escape]) expect(typed(help, key)).toMatchObject({help: false, effects: []})
})

test('a node that stops answering stays with its last known state, the cause and a sign', () => {
  const lost = after(
    peers(),
    {type: 'looks', looks: [look('worker-3', start + 5_000, unknown('timeout', 'no complete answer in 15 s'))]},
    {type: 'tick', now: start + 65_000},
  )
  const lines = linesOf(lost).filter(line => line.includes('worker-3 ') && line.includes('mesh'))
  const own = lines.filter(line => /^✓ +worker-3 .* ~65s /.test(line))
  expect(own.length).toBeGreaterThan(0)
  for (const line of own) expect(line).toContain('[timeout] Established')
  expect(textOf(typed(lost, '3/worker-3\r\r'))).toContain('not since 60s: timeout, no complete answer in 15 s')
})

test('what nobody asked again for long is marked old, what was asked lately is not', () => {
  const state = after(peers(), {type: 'tick', now: start + 29_000})
  expect(textOf(state)).not.toContain('~')
  expect(textOf(after(state, {type: 'tick', now: start + 45_000}))).toContain('~45s')
})

test('a node that never answered has a row that says why', () => {
  expect(textOf(peers())).toMatch(/\? +worker-4 +not seen: timeout, no complete answer in 15 s/)
  expect(textOf(typed(screenOf(incident), '4'))).toMatch(/\? +worker-4 +not seen: forbidden, get pods\/proxy is forbidden/)
})

test('unknown numbers show their cause, never 0', () => {
  const felix = linesOf(typed(screenOf(incident, {columns: 200}), '4')).find(line => line.includes('worker-3'))
  expect(felix).toContain('absent')
  const pool = linesOf(typed(screenOf(incident, {columns: 200}), '5')).find(line => line.includes('egress'))
  expect(pool).toContain('forbidden')
})

test('nodes that differ from the others have a sign at the number', () => {
  const lines = linesOf(typed(screenOf(incident), '3'))
  expect(lines.find(line => line.includes('worker-3'))).toMatch(/1410!.*differs in tunnel MTU/)
  expect(lines.find(line => line.includes('worker-2'))).not.toContain('1450!')
})

test('a lost API server is said until it is back, with what was seen last', () => {
  const lost: FeedEvent = {type: 'api', at: start, connected: false, detail: 'connect ECONNREFUSED 10.0.0.1:6443', retryAt: start + 12_000}
  const state = after(peers(), lost, {type: 'tick', now: start + 9_000}, {...lost, at: start + 9_000, retryAt: start + 13_000})
  expect(linesOf(state)[0]).toContain('API LOST')
  expect(textOf(state)).toContain('API lost 9s ago: connect ECONNREFUSED 10.0.0.1:6443, next try in 4s')
  expect(linesOf(state).filter(line => line.startsWith('✓')).length).toBeGreaterThan(0)
  expect(textOf(after(state, {type: 'api', at: start + 14_000, connected: true}))).not.toContain('API')
})

test('nodes that are gone from the API go; a list that could not be had takes none away', () => {
  const state = screenOf(incident)
  expect([...after(state, cluster(known([facts('worker-1'), facts('worker-9')]))).nodes.keys()]).toEqual(['worker-1', 'worker-9'])
  expect(after(state, cluster(known([facts('worker-1')], 'cut off'))).nodes.size).toBe(4)
  expect(after(state, cluster(unknown('forbidden', 'list nodes'))).nodes.size).toBe(4)
})

test('a finding says how long it is there; one that comes back begins anew', () => {
  const state = after(screenOf([report([finding()])]), report([finding({message: 'other numbers'})], start + 60_000), {type: 'tick', now: start + 300_000})
  expect(textOf(typed(state, '6'))).toMatch(/✗ +5m/)
  const back = after(state, report([], start + 300_000), report([finding()], start + 310_000), {type: 'tick', now: start + 310_000})
  expect(textOf(typed(back, '6'))).toMatch(/✗ +0s/)
})

test('what could not be judged is among the findings, with its cause', () => {
  expect(textOf(typed(screenOf(incident), '6'))).toMatch(/\? .*could not be judged: links timeout, no complete answer in 15 s on worker-4/)
})

test('a terminal smaller than 80×24 is told so in one line, and q still works', () => {
  const state = after(screenOf(incident), {type: 'resize', columns: 79, rows: 24})
  expect(linesOf(state).filter(line => line !== '')).toEqual(['top needs 80×24, and this is 79×24: enlarge it, or q.'])
  expect(typed(state, '2Gq').effects).toEqual([{kind: 'quit', code: 0}])
  expect(textOf(after(state, {type: 'resize', columns: 80, rows: 24}))).toContain('[1 Overview]')
})

test('what was said goes with the next key, and by itself', () => {
  const told = after(screenOf(incident), {type: 'told', text: 'Wrote a.tar.gz'})
  expect(textOf(told)).toContain('Wrote a.tar.gz')
  expect(textOf(typed(told, 'j'))).not.toContain('Wrote')
  expect(textOf(after(told, {type: 'tick', now: start + 11_000}))).not.toContain('Wrote')
})

test('pages scroll to their end and no further', () => {
  const end = typed(screenOf(incident, {columns: 80, rows: 24}), '?G')
  expect(textOf(end)).toContain('~12s')
  expect(typed(end, 'jjjj').scroll).toBe(end.scroll)
  expect(typed(end, 'k').scroll).toBe(end.scroll - 1)
})
