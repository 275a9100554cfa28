import {expect, test} from 'vitest'
import {asksOf} from '../../src/engine/asks.ts'
import {checkIndex, checkPage} from '../../src/reporters/check-page.ts'
import {explainAll, explainOne} from '../../src/reporters/explain.ts'
import {ourCollectors, ours} from './check-of-ours.ts'
import {screen} from './reports.ts'

const asks = asksOf(ours, ourCollectors)

test('all checks by category', () => {
  expect(
    explainAll([ours, {...ours, id: 'bgp/names'}, {...ours, id: 'bgp/longer-names', title: 'No session has a name that nobody can read aloud'}], screen),
  ).toBe(`bgp
  bgp/longer-names  No session has a name that nobody can read aloud (error,
                    warning)
  bgp/names         No node has a bad name (error, warning)

demo
  demo/bad-names    No node has a bad name (error, warning)

3 checks. All about one: calico-doctor explain ID
`)
})

test('one check in full', () => {
  expect(explainOne(ours, screen, asks)).toBe(`demo/bad-names
No node has a bad name.

A name with \`<blanks>\` or *stars* confuses scripts that read it, and then people
who read what the scripts wrote.

Cannot judge without
  calicoNamespaces  concluded from apiServerServiceRanges

Uses, where it can be had
  mtuFile                 on each node: cat /var/lib/calico/mtu
  apiServerServiceRanges  from the API: namespaces, daemonsets calico-node

Rights it needs
  list namespaces
  get daemonsets.apps calico-node in namespace kube-system
  get, create pods/exec in Calico's namespace

What it can say: bad (warning), for example
    ! bad|one is a bad name_ <here>
    evidence  list namespaces: bad|one
    fix       1. Look
                 kubectl get ns bad|one
              2. Rename with \`mv_\`
    verify    It is gone
              kubectl get ns

What it can say: worse (error), for example
    ✗ worse is worse
    evidence  list namespaces: worse
    fix       Leave
    verify    See

More
  https://example.org/names
`)
  expect(explainOne(ours, screen)).not.toContain('Rights')
})

test('one check as a page, with what its examples bring', () => {
  expect(checkPage(ours, asks)).toBe(`<!-- Written by \`npm run docs\` from src/checks/demo/bad-names.ts: edit that file. -->

# demo/bad-names

No node has a bad name. Severity: error, warning.

## Why it matters

A name with \`<blanks>\` or \\*stars\\* confuses scripts that read it, and then people who read what the scripts wrote.

## What it looks at

| Cannot judge without | Where it comes from |
|---|---|
| \`calicoNamespaces\` | concluded from apiServerServiceRanges |

| Uses, where it can be had | Where it comes from |
|---|---|
| \`mtuFile\` | on each node: cat /var/lib/calico/mtu |
| \`apiServerServiceRanges\` | from the API: namespaces, daemonsets calico-node |

### Rights

- list namespaces
- get daemonsets.apps calico-node in namespace kube-system
- get, create pods/exec in Calico's namespace

## What it can say

### \`bad\` (warning)

> bad\\|one is a bad name\\_ &lt;here&gt;

1. Look

   \`\`\`sh
   kubectl get ns bad|one
   \`\`\`

2. Rename with \`mv_\`

Verify: It is gone

\`\`\`sh
kubectl get ns
\`\`\`

### \`worse\` (error)

> worse is worse

Fix: Leave

Verify: See

## Examples

The check is run on each of these in the test suite.

### nothing at all

Not applicable: there is no namespace.

### good

Nothing to report.

### odd

Cannot be judged: odd is neither.

### good and bad\\|one

**warning** \`bad\`: bad\\|one is a bad name\\_ &lt;here&gt;

\`\`\`text
list namespaces: bad|one
\`\`\`

### worse and bad

**error** \`worse\`: worse is worse

\`\`\`text
list namespaces: worse
\`\`\`

**warning** \`bad\`: bad is a bad name\\_ &lt;here&gt;

\`\`\`text
list namespaces: bad
\`\`\`

## More

- <https://example.org/names>
`)
})

test('the index of all pages', () => {
  expect(checkIndex([ours])).toBe(`<!-- Written by \`npm run docs\` from src/checks: edit those files. -->

# Checks

| Check | What is true when it passes | Severity |
|---|---|---|
| [demo/bad-names](demo/bad-names.md) | No node has a bad name | error, warning |
`)
})
