/** What stands where a credential stood. One word without blanks, so that striking out twice changes nothing. */
export const struck = '(struck-out)'

/** Credentials that are known by their shape, whatever they are called. Bounded, so that no text takes more than linear time. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g, struck],
  // A PEM in base64, as kubeconfigs hold it; `BD` goes on to `BEGIN CERTIFICATE`, which is public.
  [/LS0tLS1CRUdJTi(?!BD)[\w+/=]+/g, struck],
  [/(?<![\w-])eyJ[\w-]{4,8192}\.[\w-]{4,8192}\.[\w-]{0,8192}/g, struck],
  // `Basic authentication failed` is prose.
  [/\b([Bb]earer|[Bb]asic|BEARER|BASIC)[ \t]{1,8}(?!(?:auth[a-z]{1,20}|credentials|constraints)\b)[\w.~+/=-]{8,}/g, `$1 ${struck}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, struck],
  // GitHub, GitLab, Slack, Vault, Google.
  [/(?<![\w-])(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|hv[bs]\.|AIza)[\w-]{16,512}/g, struck],
  [/(:\/\/hooks\.slack\.com\/)[\w/-]{8,256}/g, `$1${struck}`],
  [/(:\/\/)[^\s/"'?#@:]{0,256}:[^\s/"'?#]{0,4096}@/g, `$1${struck}@`],
  // A user of such a length is a token: `https://<token>@github.com`.
  [/(:\/\/)[\w.-]{20,256}@/g, `$1${struck}@`],
  [/([?&](?:sig|signature|x-(?:amz|goog)-signature)=)[^\s"'&\\]{4,}/gi, `$1${struck}`],
  [/(\b(?:set-)?cookie:[ \t]{0,8})[^\s"'\\][^\r\n"'\\]{0,8192}/gi, `$1${struck}`],
  // `curl -u admin:x`, `etcdctl --user root:x`; `--user 1000:1000` are ids.
  [/((?<![\w-])(?:-u|--user)(?:[ \t]{1,8}|=)[^\s:"'/]{1,64}:)(?!\d{1,10}(?!\S))[^\s"']{1,4096}/g, `$1${struck}`],
]

export const strikeShapes = (text: string): string => strikeTails(shapes.reduce((rest, [shape, by]) => rest.replace(shape, by), text))

const tailEnd = /-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
const mostLines = 200

/** The end of a private key whose beginning was cut off, as of a log of which the newest is kept: the lines of base64 before it, whatever stands in front of them. */
function strikeTails(text: string): string {
  let out = ''
  let done = 0
  for (const {0: end, index} of text.matchAll(tailEnd)) {
    let start = text.lastIndexOf('\n', index) + 1
    for (let lines = 0; lines < mostLines && start > done; lines++) {
      const before = text.lastIndexOf('\n', start - 2) + 1
      if (before < done || !/(?:^|[\s"'])[\w+/=]{16,80}\r?\n$/.test(text.slice(Math.max(before, start - 200), start))) break
      start = before
    }
    out += text.slice(done, start) + struck
    done = index + end.length
  }
  return done === 0 ? text : out + text.slice(done)
}
