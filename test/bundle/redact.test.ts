import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {strikeText, struck} from '../../src/bundle/credentials-in-text.ts'
import {redact} from '../../src/bundle/redact.ts'

const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow+abc/==\n-----END RSA PRIVATE KEY-----'

describe('text', () => {
  test.each([
    ['BIRD', 'password "s3cr et";', `password "${struck}";`],
    ['an assignment', 'ETCD_PASSWORD=s3cret next', `ETCD_PASSWORD=${struck} next`],
    ['a flag', '--bearer-token=s3cret -v', `--bearer-token=${struck} -v`],
    ['YAML', 'user: a\npassword: two words\nport: 1', `user: a\npassword: ${struck}\nport: 1`],
    ['JSON', '{"k8s_auth_token": "s3\\"cret", "mtu": 0}', `{"k8s_auth_token": "${struck}", "mtu": 0}`],
    ['JSON in JSON', '{"data":"{\\"token\\":\\"s3cret\\",\\"a\\":1}"}', `{"data":"{\\"token\\":\\"${struck}\\",\\"a\\":1}"}`],
    ['a URL', 'https://root:s3@cret@etcd:2379/v3', `https://${struck}@etcd:2379/v3`],
    ['a header', 'Authorization: Bearer abcdefgh.ijkl', `Authorization: ${struck}`],
    ['a token alone', 'got Bearer abcdefghijkl', `got Bearer ${struck}`],
    ['a JWT', 'x eyJhbGciOi.eyJzdWIiOi.c2ln y', `x ${struck} y`],
    ['a private key', `a\n${pem}\nb`, `a\n${struck}\nb`],
    ['a private key that is cut off', 'a -----BEGIN PRIVATE KEY-----\nMII', `a ${struck}`],
    ['a flag and its value', 'run --token s3cret -v', `run --token ${struck} -v`],
    ['arguments as Go prints them', 'args=["--token" "s3cret" "-v"]', `args=["--token" "${struck}" "-v"]`],
    ['arguments as YAML', '- --etcd-password\n- s3cret\n- -v', `- --etcd-password\n- ${struck}\n- -v`],
    ['a variable in JSON', '{"name":"DB_PASSWORD","value":"s3cret"}', `{"name":"DB_PASSWORD","value":"${struck}"}`],
    ['a variable in YAML', '- name: DB_PASS\n  value: s3 cret\n- name: B', `- name: DB_PASS\n  value: ${struck}\n- name: B`],
    ['a variable as Go prints it', '{Name:DB_PASSWORD Value:s3cret ValueFrom:nil}', `{Name:DB_PASSWORD Value:${struck} ValueFrom:nil}`],
    ['a block of YAML', 'a:\n  password: |\n    s3\n\n    cret\n  b: 1', `a:\n  password: ${struck}\n  b: 1`],
    ['a list', '{"passwords": ["s3", "cret"], "mtu": 0}', `{"passwords": ${struck}, "mtu": 0}`],
    ['a hash', 'password: {SSHA}s3cret', `password: ${struck}`],
    ['prose goes on after a word', 'failed to fetch token: s3cret "https://10.0.0.1": refused', `failed to fetch token: ${struck} "https://10.0.0.1": refused`],
    ['two words of a header', 'sent token: Bearer s3cret and went', `sent token: ${struck} and went`],
    ['a token of GitHub', 'got ghp_abcdefghijklmnop0123.', `got ${struck}.`],
    ['a token in a URL', 'https://abcdefghijklmnop0123@github.com/x', `https://${struck}@github.com/x`],
    ['a signed URL', '/x?se=1&sig=s3cret%3D&a=b', `/x?se=1&sig=${struck}&a=b`],
    ['a cookie', 'Set-Cookie: id=s3cret; Secure', `Set-Cookie: ${struck}`],
    ['a user of curl', 'curl -u admin:s3cret https://x', `curl -u admin:${struck} https://x`],
    [
      'the end of a private key',
      'INFO x\n12:00:00Z MIIEowIBAAKCAQEA\n12:00:00Z abcd+/abcdefghijkl==\n12:00:00Z -----END RSA PRIVATE KEY-----\nb',
      `INFO x\n${struck}\nb`,
    ],
    ['a key of AWS', 'id AKIAIOSFODNN7EXAMPLE.', `id ${struck}.`],
  ])('%s', (_, text, clean) => expect(strikeText(text)).toBe(clean))

  test.each([
    'ETCD_KEY_FILE=/calico-secrets/etcd-key',
    'secretKeyRef calico-bgp-passwords rr-password',
    'docker-pullable://node@sha256:abcdef0123',
    'MountVolume.SetUp failed for volume "typha-certs" : secret "typha-certs" not found',
    'https://10.0.0.1:2379,https://10.0.0.2:2379',
    'automountServiceAccountToken: true',
    'tokenExpirationSeconds: 3600',
    '{"credentials": {"secretName": "x"}, "mtu": 1440}',
    'password: {{ .Values.password }}',
    'Post "https://10.96.0.1:443/api/v1/namespaces/kube-system/serviceaccounts/calico-cni-plugin/token": dial tcp 10.96.0.1:443: connect: connection refused',
    'Basic authentication failed',
    'the flag --client-key has been deprecated',
    'docker run --user 1000:1000 x',
    'git clone ssh://git@github.com/x',
    '- name: TOKEN_PATH\n  value: /var/run/token',
    'serviceaccounts "calico-cni-plugin" is forbidden: cannot create resource "serviceaccounts/token"',
    'Mesh_10_0_0_2 BGP        ---        up     12:00:00.000  Established',
    '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----',
  ])('%s stays', text => expect(strikeText(text)).toBe(text))

  test('any text: twice is once, and a planted credential never survives', () => {
    const secret = fc.stringMatching(/^[A-Z][a-z0-9]{11}$/)
    const around = fc.string({maxLength: 60})
    const form = fc.constantFrom(
      (s: string) => `\npassword=${s}\n`,
      (s: string) => `\n"client-key": "${s}"\n`,
      (s: string) => ` https://u:${s}@h/ `,
      (s: string) => `\nsecret_key: ${s}\n`,
    )
    fc.assert(
      fc.property(around, around, secret, form, (before, after, value, make) => {
        const clean = strikeText(before + make(value) + after)
        expect(clean).not.toContain(value)
        expect(strikeText(clean)).toBe(clean)
      }),
      {numRuns: 2_000},
    )
  })

  test.each([
    'password',
    'password=',
    '"token": "',
    'eyJ',
    'eyJa.',
    '://',
    '://:',
    '-----BEGIN PRIVATE KEY-----',
    'LS0tLS1CRUdJTi',
    'Bearer ',
    'password "',
    'password: |\n ',
    ' password:',
    '--token ',
    'name: a value: ',
    '-u a',
    '://token:',
    '/token:',
    'abcdefghijklmnopqrst\n-----END PRIVATE KEY-----\n',
    'abcdefghijklmnopqrst\n',
    '\\"',
  ])('a flood of %j takes no long time', word => {
    const started = performance.now()
    strikeText(word.repeat(Math.ceil(1_000_000 / word.length)))
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})

describe('values', () => {
  test('labels stay, for selectors select by them; what has the shape of a credential goes there too', () => {
    const given = {labels: {'secret-zone': 'a', token: 'ghp_abcdefghijklmnop0123'}, matchLabels: {password: 'b'}, password: 'c'}
    expect(redact(given).value).toEqual({labels: {'secret-zone': 'a', token: struck}, matchLabels: {password: 'b'}, password: struck})
  })
  test('by name: keys, environment variables, flags; references stay', () => {
    const given = {
      env: [
        {name: 'DB_PASSWORD', value: 's3cret'},
        {name: 'ETCD_KEY_FILE', value: '/etcd-key'},
        {name: 'TOKEN', other: 'secretKeyRef tokens a'},
      ],
      command: ['run', '--token', 's3cret', '--password=s3cret', '-v'],
      spec: {password: {secretKeyRef: {name: 'bgp', key: 'rr'}}, apiKey: 's3cret', tokens: ['s3cret'], mtu: 1440},
      annotations: {'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'x'},
    }
    const {value, struckOut} = redact(given)
    expect(value).toEqual({
      env: [{name: 'DB_PASSWORD', value: struck}, given.env[1], given.env[2]],
      command: ['run', '--token', struck, `--password=${struck}`, '-v'],
      spec: {password: given.spec.password, apiKey: struck, tokens: [struck], mtu: 1440},
      annotations: {note: 'x'},
    })
    expect(struckOut).toBe(5)
  })

  test('any value: twice is once, and the shape stays', () => {
    const shape = (value: unknown): unknown =>
      typeof value === 'string'
        ? ''
        : Array.isArray(value)
          ? value.map(shape)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]))
            : value
    const key = fc.oneof(fc.string(), fc.constantFrom('password', 'name', 'value', 'token', '__proto__', 'secretName'))
    const json = fc.letrec(tie => ({
      value: fc.oneof(
        {depthSize: 'small'},
        fc.string(),
        fc.constantFrom('--token', 'PASSWORD', 'password=x'),
        fc.integer(),
        fc.constant(null),
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('value')),
      record: fc.dictionary(key, tie('value')),
    })).value
    fc.assert(
      fc.property(json, given => {
        const once = redact(given).value
        expect(redact(once)).toEqual({value: once, struckOut: 0})
        expect(shape(once)).toEqual(shape(given))
      }),
      {numRuns: 2_000},
    )
  })
})
