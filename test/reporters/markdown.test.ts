import fc from 'fast-check'
import {expect, test} from 'vitest'
import {render} from '../../src/reporters/index.ts'
import {code, fence, markdownText} from '../../src/reporters/markdown-text.ts'
import {named} from './page-names.ts'
import {blind, check, finding, healthy, incident, reportOf, screen} from './reports.ts'

const markdown = (report = healthy) => render(report, 'markdown', screen)

test('a healthy cluster', () =>
  expect(markdown()).toMatchInlineSnapshot(`
  "# Cluster prod, \`https://10.0.0.1:6443\`, 2026-11-21 03:16 UTC

  ✓ **No problem found; 5 checks passed, 1 not applicable**

  | Cluster | |
  |---|---|
  | Calico | v3.30.2 |
  | Installed by | operator (Installation default), namespace calico-system |
  | Kubernetes | v1.33.2 |
  | Datastore | kubernetes |
  | API group | crd.projectcalico.org/v1 + API server |
  | Dataplane | iptables |
  | Encapsulation | IPIP CrossSubnet |
  | BGP | AS 64512, node-to-node mesh on |
  | Nodes | 12 (12 of 12 answered in full) |
  | Seen | 100 % of what these checks need; 12 of 12 nodes |
  | Took | 2.1 s, calico-doctor 0.1.0 |

  <details><summary>Passed (5)</summary>

  - ✓ BIRD runs on every node that should run it (\`bgp/bird-not-running\`)
  - ✓ Every BGP session is established (\`bgp/session-down\`)
  - ✓ The datastore is the Kubernetes API (\`datastore/mode\`)
  - ✓ Tunnel and pod MTU fit the network below (\`mtu/too-large\`)
  - ✓ A cluster of this size runs Typha (\`typha/missing\`)

  </details>

  <details><summary>Left out (1)</summary>

  - not applicable: the dataplane is iptables and eBPF was not asked for (ebpf/kernel)

  </details>
  "
`))
test('an incident', () =>
  expect(markdown(incident)).toMatchInlineSnapshot(`
  "# Cluster prod, \`https://10.0.0.1:6443\`, 2026-11-21 03:16 UTC

  ✗ **1 error, 1 warning; 2 checks passed, 1 could not be judged, 1 not applicable**

  | Cluster | |
  |---|---|
  | Calico | v3.30.2 |
  | Installed by | operator (Installation default), namespace calico-system |
  | Kubernetes | v1.33.2 |
  | Datastore | kubernetes |
  | API group | crd.projectcalico.org/v1 + API server |
  | Dataplane | iptables |
  | Encapsulation | IPIP CrossSubnet |
  | BGP | AS 64512, node-to-node mesh on |
  | Nodes | 12 (10 of 12 answered in full) |
  | Seen | 96 % of what these checks need; 10 of 12 nodes; timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8) |
  | Took | 2.1 s, calico-doctor 0.1.0 |

  ## Errors

  ### A BGP session is not established (\`bgp/session-down\`)

  **✗ error:** 10.0.0.12 (worker-12) refuses BGP from 11 nodes: nothing listens on TCP 179 there, so the pods on worker-12 cannot be reached from them

  on 11 nodes: worker-1, worker-2, worker-3, … +8

  <details><summary>Evidence (11 lines)</summary>

  \`\`\`text
  worker-1: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-2: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-3: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-4: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-5: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-6: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-7: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-8: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-9: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-10: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-11: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  \`\`\`

  </details>

  1. See why calico-node does not run BIRD on worker-12

     \`\`\`sh
     kubectl -n calico-system logs -l k8s-app=calico-node -c calico-node --field-selector spec.nodeName=worker-12 --tail 100
     \`\`\`

  2. Restart the pod when its log ends without an error

     \`\`\`sh
     kubectl -n calico-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=worker-12
     \`\`\`

  **Verify:** Every session of the node is Established

  \`\`\`sh
  calico-doctor node status worker-12
  \`\`\`

  ? Not all of it was seen:

  - timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)

  ## Warnings

  ### The MTU of pods or tunnels is too large for the network below (\`mtu/too-large\`)

  **! warning:** on worker-4 tunl0 has MTU 1500 over eth0 with MTU 1500: IPIP needs 20 bytes, so full-size packets between pods are lost

  Evidence:

  \`\`\`text
  worker-4: ip -j -d addr: tunl0 mtu 1500
  worker-4: ip -j -d addr: eth0 mtu 1500
  \`\`\`

  **Fix:** Set the MTU in the Installation

  \`\`\`sh
  kubectl patch installation default --type merge -p '{"spec":{"calicoNetwork":{"mtu":1480}}}'
  \`\`\`

  **Verify:** No node is named any more

  \`\`\`sh
  calico-doctor check --only mtu
  \`\`\`

  ## Could not be judged

  - ? BIRD runs on every node that should run it (\`bgp/bird-not-running\`)
    - timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)

  <details><summary>Passed (2)</summary>

  - ✓ The datastore is the Kubernetes API (\`datastore/mode\`)
  - ✓ A cluster of this size runs Typha (\`typha/missing\`)

  </details>

  <details><summary>Left out (1)</summary>

  - not applicable: the dataplane is iptables and eBPF was not asked for (ebpf/kernel)

  </details>

  ## Next

  \`\`\`sh
  calico-doctor explain bgp/session-down
  \`\`\`
  "
`))

test('what was not judged is never well', () => {
  expect(markdown(blind)).toContain('? **No problem in what was seen; 0 checks passed, 2 could not be judged, 1 crashed, 1 suppressed**')
  expect(markdown(blind)).toContain('  - This check itself failed, which is a fault of calico-doctor: TypeError: x is undefined\n')
  expect(markdown(blind)).not.toContain('✓')
})

test.each([
  ['plain worker-1, 10.0.0.1', 'plain worker-1, 10.0.0.1'],
  ['ask @admin', 'ask `@admin`'],
  ['see #12 or org/repo#3 or GH-4', 'see `#12` or `org/repo#3` or `GH-4`'],
  ['https://evil.example and www.evil.example', '`https://evil.example` and `www.evil.example`'],
  ['[text](x) ![i](y)', '\\[text\\](x) !\\[i\\](y)'],
  ['<img src=x> &lt;', '&lt;img src=x&gt; &amp;lt;'],
  ['a|b', 'a&#124;b'],
  ['run `mv a_b` now', 'run `mv a_b` now'],
  ['one ` only', 'one \\` only'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  [':tada: $x$', '`:tada:` `$x$`'],
  ['0123abcdef', '`0123abcdef`'],
  ['tunl_0 _em_', 'tunl_0 \\_em\\_'],
])('%s is written %s', (words, written) => expect(markdownText(words)).toBe(written))

test('code that backticks could end is written as HTML', () => expect(code('a`|@\\')).toBe('<code>a&#96;&#124;&#64;<!-- -->&#92;</code>'))
test('a fence is longer than any in it', () => expect(fence(['````', 'x'], 'sh', ' ')).toBe(' `````sh\n ````\n x\n `````'))

test('an issue takes the page, whatever was found', () => {
  const findings = Array.from({length: 100}, (_, i) =>
    finding({message: `session ${i} ${'down '.repeat(60)}`, evidence: Array.from({length: 100}, () => 'e '.repeat(100))}),
  )
  const page = markdown(reportOf([check('bgp/session-down', 'fail', {findings})]))
  expect(page.length).toBeLessThan(65_536)
  expect(page).toContain('… +95 more: `calico-doctor check --only bgp/session-down -o json`')
})

/** Lines without what stands in code and in fences. */
const outsideCode = (page: string) =>
  page
    .replaceAll(/^( *)(`{3,})\w+\n(?:.*\n)*?\1\2$/gm, '')
    .replaceAll(/<code>(?:[^<]|<!-- -->)*<\/code>|(?<!`)(?<!(?<!\\)(?:\\\\)*\\)`[^`\n]+`(?!`)/g, '')
    .replaceAll(/<\/?details>|<\/?summary>|&#?\w+;/g, '')

test('no name writes markup, a link, a mention or a line of its own', () => {
  const nasty = fc.array(
    fc.constantFrom('@admin', '#1', '```', '`', '|', '</details>', '<script>', '[x](http://e)', '\n', '\u202e', '\\', '- ', '# ', ' ', 'a', '~~~'),
    {maxLength: 12},
  )
  const text = fc.oneof(
    fc.string({unit: 'binary', maxLength: 200}),
    nasty.map(parts => parts.join('')),
  )
  const lines = markdown(named(Array.from({length: 8}, () => 'name'))).split('\n').length
  fc.assert(
    fc.property(fc.array(text, {minLength: 8, maxLength: 8}), names => {
      const page = markdown(named(names))
      expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(page.split('\n').length).toBeLessThanOrEqual(lines + 2)
      expect(outsideCode(page)).not.toMatch(/[@<>$]|:\/\/|(?<!\\)[[\]]|\S#\d/)
    }),
    {numRuns: 300, seed: 187027748},
  )
})

test('what an issue cannot take is named: whole checks, the least first', () => {
  const long = (severity: 'error' | 'info', i: number) =>
    finding({severity, message: '|'.repeat(600), evidence: [`${'`|'.repeat(200)}`], fix: [{text: '|'.repeat(600), command: `x ${'`'.repeat(1_000)} ${i}`}]})
  const checks = Array.from({length: 40}, (_, i) => {
    const severity = i < 2 ? 'error' : 'info'
    return check('bgp/session-down', 'fail', {id: `bgp/c${i}`, title: `c${i}`, findings: [long(severity, 1), long(severity, 2)]})
  })
  const page = markdown(reportOf(checks))
  expect(page.length).toBeLessThan(65_536)
  expect(page).toContain('### c0 (`bgp/c0`)')
  expect(page).toMatch(/## Left out.*\n\n(?:- info: .*, 2 findings\n)+- `calico-doctor check -o json` has them all/)
})
