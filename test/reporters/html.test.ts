import fc from 'fast-check'
import {expect, test} from 'vitest'
import {style} from '../../src/reporters/html-style.ts'
import {render} from '../../src/reporters/index.ts'
import {named} from './page-names.ts'
import {blind, check, finding, healthy, incident, reportOf, screen} from './reports.ts'

const page = (report = healthy) => render(report, 'html', screen)
const body = (report = healthy) => page(report).replace(/[\s\S]*<body>\n/, '')

test('a healthy cluster', () =>
  expect(body()).toMatchInlineSnapshot(`
  "<header>
  <h1>Cluster prod, https://10.0.0.1:6443, 2026-11-21 03:16 UTC</h1>
  <p class="result pass"><span class="sign" aria-hidden="true">✓</span> No problem found; 5 checks passed, 1 not applicable</p>
  <p>Seen: 100 % of what these checks need; 12 of 12 nodes</p>


  <dl>
  <dt>Calico</dt><dd>v3.30.2</dd>
  <dt>Installed by</dt><dd>operator (Installation default), namespace calico-system</dd>
  <dt>Kubernetes</dt><dd>v1.33.2</dd>
  <dt>Datastore</dt><dd>kubernetes</dd>
  <dt>API group</dt><dd>crd.projectcalico.org/v1 + API server</dd>
  <dt>Dataplane</dt><dd>iptables</dd>
  <dt>Encapsulation</dt><dd>IPIP CrossSubnet</dd>
  <dt>BGP</dt><dd>AS 64512, node-to-node mesh on</dd>
  <dt>Nodes</dt><dd>12 (12 of 12 answered in full)</dd>
  </dl>
  </header>
  <main>

  <section>
  <h2>Passed (5)</h2>
  <details><summary>What is as it should be</summary><ul class="plain"><li class="pass"><span class="sign" aria-hidden="true">✓</span> BIRD runs on every node that should run it <code class="dim">bgp/bird-not-running</code></li>
  <li class="pass"><span class="sign" aria-hidden="true">✓</span> Every BGP session is established <code class="dim">bgp/session-down</code></li>
  <li class="pass"><span class="sign" aria-hidden="true">✓</span> The datastore is the Kubernetes API <code class="dim">datastore/mode</code></li>
  <li class="pass"><span class="sign" aria-hidden="true">✓</span> Tunnel and pod MTU fit the network below <code class="dim">mtu/too-large</code></li>
  <li class="pass"><span class="sign" aria-hidden="true">✓</span> A cluster of this size runs Typha <code class="dim">typha/missing</code></li></ul></details>
  </section>
  <section>
  <h2>Left out (1)</h2>
  <details><summary>What does not apply here</summary><ul><li>not applicable: the dataplane is iptables and eBPF was not asked for (ebpf/kernel)</li></ul></details>
  </section>
  </main>
  <footer>

  <p class="dim">calico-doctor 0.1.0, took 2.1 s</p>
  </footer>
  </body>
  </html>
  "
`))
test('an incident', () =>
  expect(body(incident)).toMatchInlineSnapshot(`
  "<header>
  <h1>Cluster prod, https://10.0.0.1:6443, 2026-11-21 03:16 UTC</h1>
  <p class="result error"><span class="sign" aria-hidden="true">✗</span> 1 error, 1 warning; 2 checks passed, 1 could not be judged, 1 not applicable</p>
  <p>Seen: 96 % of what these checks need; 10 of 12 nodes</p>
  <ul><li>timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)</li></ul>

  <dl>
  <dt>Calico</dt><dd>v3.30.2</dd>
  <dt>Installed by</dt><dd>operator (Installation default), namespace calico-system</dd>
  <dt>Kubernetes</dt><dd>v1.33.2</dd>
  <dt>Datastore</dt><dd>kubernetes</dd>
  <dt>API group</dt><dd>crd.projectcalico.org/v1 + API server</dd>
  <dt>Dataplane</dt><dd>iptables</dd>
  <dt>Encapsulation</dt><dd>IPIP CrossSubnet</dd>
  <dt>BGP</dt><dd>AS 64512, node-to-node mesh on</dd>
  <dt>Nodes</dt><dd>12 (10 of 12 answered in full)</dd>
  </dl>
  </header>
  <main>
  <section>
  <h2>Errors (1)</h2>
  <h3 id="error-bgp-session-down">A BGP session is not established <code>bgp/session-down</code></h3>
  <article class="error">
  <p><span class="sign" aria-hidden="true">✗</span> <strong>error</strong>: 10.0.0.12 (worker-12) refuses BGP from 11 nodes: nothing listens on TCP 179 there, so the pods on worker-12 cannot be reached from them</p>
  <p class="dim">on 11 nodes: worker-1, worker-2, worker-3, … +8</p>
  <p class="dim">Evidence</p><pre class="evidence">worker-1: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-2: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-3: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused</pre>
  <details><summary>8 more of evidence</summary><pre class="evidence">worker-4: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-5: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-6: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-7: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-8: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-9: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-10: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused
  worker-11: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused</pre></details>
  <p><strong>Fix</strong></p><ol><li><p>See why calico-node does not run BIRD on worker-12</p><pre class="command" tabindex="0"><code>kubectl -n calico-system logs -l k8s-app=calico-node -c calico-node --field-selector spec.nodeName=worker-12 --tail 100</code></pre></li>
  <li><p>Restart the pod when its log ends without an error</p><pre class="command" tabindex="0"><code>kubectl -n calico-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=worker-12</code></pre></li></ol>
  <p><strong>Verify</strong></p><p>Every session of the node is Established</p><pre class="command" tabindex="0"><code>calico-doctor node status worker-12</code></pre>
  </article>
  <p class="unknown"><span class="sign" aria-hidden="true">?</span> Not all of it was seen:</p><ul><li>timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)</li></ul>
  </section>
  <section>
  <h2>Warnings (1)</h2>
  <h3 id="warning-mtu-too-large">The MTU of pods or tunnels is too large for the network below <code>mtu/too-large</code></h3>
  <article class="warning">
  <p><span class="sign" aria-hidden="true">!</span> <strong>warning</strong>: on worker-4 tunl0 has MTU 1500 over eth0 with MTU 1500: IPIP needs 20 bytes, so full-size packets between pods are lost</p>
  <p class="dim">Evidence</p><pre class="evidence">worker-4: ip -j -d addr: tunl0 mtu 1500
  worker-4: ip -j -d addr: eth0 mtu 1500</pre>
  <p><strong>Fix</strong></p><p>Set the MTU in the Installation</p><pre class="command" tabindex="0"><code>kubectl patch installation default --type merge -p &#39;{&#34;spec&#34;:{&#34;calicoNetwork&#34;:{&#34;mtu&#34;:1480}}}&#39;</code></pre>
  <p><strong>Verify</strong></p><p>No node is named any more</p><pre class="command" tabindex="0"><code>calico-doctor check --only mtu</code></pre>
  </article>

  </section>
  <section>
  <h2>Could not be judged (1)</h2>
  <h3 class="unknown"><span class="sign" aria-hidden="true">?</span> BIRD runs on every node that should run it <code>bgp/bird-not-running</code></h3>
  <ul><li>timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)</li></ul>
  </section>
  <section>
  <h2>Passed (2)</h2>
  <details><summary>What is as it should be</summary><ul class="plain"><li class="pass"><span class="sign" aria-hidden="true">✓</span> The datastore is the Kubernetes API <code class="dim">datastore/mode</code></li>
  <li class="pass"><span class="sign" aria-hidden="true">✓</span> A cluster of this size runs Typha <code class="dim">typha/missing</code></li></ul></details>
  </section>
  <section>
  <h2>Left out (1)</h2>
  <details><summary>What does not apply here</summary><ul><li>not applicable: the dataplane is iptables and eBPF was not asked for (ebpf/kernel)</li></ul></details>
  </section>
  </main>
  <footer>
  <p><strong>Next</strong></p><pre class="command" tabindex="0"><code>calico-doctor explain bgp/session-down</code></pre>
  <p class="dim">calico-doctor 0.1.0, took 2.1 s</p>
  </footer>
  </body>
  </html>
  "
`))

test('nothing is fetched and nothing runs', () => {
  expect(page(incident)).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`)
  expect(page(incident)).not.toMatch(/<(script|img|link|iframe|object|form|base)|\son\w+=|url\(|@import|src=/i)
})

test('what was not judged is never well', () => {
  expect(body(blind)).not.toContain('✓')
  expect(body(blind)).toContain('<p class="result unknown">')
})

test('many findings have a list of contents that leads to them', () => {
  const many = ['a', 'b', 'c', 'd'].map(name => check('bgp/session-down', 'fail', {id: `bgp/${name}`, title: name, findings: [finding()]}))
  const text = body(reportOf(many))
  for (const [, id] of text.matchAll(/href="#([^"]+)"/g)) expect(text.split(`id="${id}"`)).toHaveLength(2)
  expect(text.match(/href="#/g)).toHaveLength(4)
})

test('no name brings markup', () => {
  const nasty = fc.array(fc.constantFrom('<script>', '</pre>', '"', "'", '&lt;', '<!--', ']]>', '\u202e', '\u001b[31m', '\n', 'a', ' '), {
    minLength: 1,
    maxLength: 12,
  })
  const text = fc
    .oneof(
      fc.string({unit: 'binary', minLength: 1, maxLength: 200}),
      nasty.map(parts => parts.join('')),
    )
    .map(words => `n${words}`)
  const tags = (names: readonly string[]) =>
    page(named(names))
      .replace(/<style>[\s\S]*<\/style>/, '')
      .match(/<[^>]*>/g)!
      .filter(tag => tag !== '<p class="dim">')
  const plain = tags(Array.from({length: 8}, (_, i) => `n${i}`))
  fc.assert(
    fc.property(fc.array(text, {minLength: 8, maxLength: 8}), names => {
      expect(tags(names)).toEqual(plain)
      expect(page(named(names)).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }),
    {numRuns: 200},
  )
})

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [a, b].map(luminance).sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}
function luminance(colour: string): number {
  const full = colour.length === 4 ? colour.replaceAll(/[0-9a-f]/g, '$&$&') : colour
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(at => Number.parseInt(full.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

test('text has a contrast of 4.5 and more: light, dark, on paper', () => {
  const palettes = [...style.matchAll(/:root\{([^}]*)\}/g)].map(([, text]) =>
    Object.fromEntries([...text!.matchAll(/--(\w+):(#[0-9a-f]+)/g)].map(([, name, value]) => [name!, value!])),
  )
  expect(palettes).toHaveLength(3)
  for (const {page: back, box, line: _line, ...texts} of palettes)
    for (const text of Object.values(texts)) expect(Math.min(contrast(text, back!), contrast(text, box!))).toBeGreaterThanOrEqual(4.5)
})
