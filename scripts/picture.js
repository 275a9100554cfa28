// docs/top.svg from a real run: top against the demo's incident, in tmux. `node scripts/picture.js` after a build.
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'bin/run.js')
const [columns, rows] = [112, 30]
const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-picture-'))
const env = {...process.env, LANG: 'C.UTF-8', TERM: 'xterm-256color', CI: '', KUBECONFIG: join(folder, 'kubeconfig')}
const tmux = (...argv) => spawnSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...argv], {encoding: 'utf8', env}).stdout

const demo = spawn(process.execPath, [cli, 'demo', '--serve'], {stdio: ['ignore', 'pipe', 'ignore']})
try {
  writeFileSync(env.KUBECONFIG, await firstOutput(demo.stdout))
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), `exec '${process.execPath}' '${cli}' top --interval 1s`)
  await shows('12 of 12 nodes answered in full')
  tmux('send-keys', '2', 'j')
  await shows('[2 Peers')
  await sleep(1_500)
  const svg = picture(tmux('capture-pane', '-e', '-p').trimEnd().split('\n'))
  writeFileSync(join(root, 'docs/top.svg'), svg)
  console.log(`docs/top.svg: ${svg.length} bytes`)
} finally {
  tmux('kill-server')
  demo.kill()
  rmSync(folder, {recursive: true})
}

async function shows(text) {
  for (let tries = 0; tries < 300; tries++) {
    if (tmux('capture-pane', '-p').includes(text)) return
    await sleep(100)
  }
  throw new Error(`${text} is not to be seen on\n${tmux('capture-pane', '-p')}`)
}

function firstOutput(stream) {
  return new Promise(resolve => {
    let text = ''
    stream.on('data', chunk => {
      text += chunk
      if (text.includes('users:') && text.endsWith('\n')) resolve(text)
    })
  })
}

/** Each run of cells at its own x, so that a font of another width moves no column. */
function picture(lines) {
  const [cell, line, margin] = [8.4, 18, 14]
  const [width, height] = [Math.ceil(columns * cell) + 2 * margin, rows * line + 2 * margin]
  let style = plain()
  const body = lines.flatMap((text, row) => {
    const {runs, end} = runsOf(text, style)
    // tmux tells what changes, from line to line.
    style = end
    return runs.map(run => drawn(run, margin + row * line))
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" role="img" aria-label="calico-doctor top: the BGP sessions of every node during an incident">
<rect width="${width}" height="${height}" rx="8" fill="#16191d" stroke="#3b424a"/>
${body.join('\n')}
</svg>
`

  function drawn({column, text, bold, faint, inverse, colour}, top) {
    const x = (margin + column * cell).toFixed(1)
    const length = (text.length * cell).toFixed(1)
    const ground = inverse ? `<rect x="${x}" y="${top}" width="${length}" height="${line}" fill="${colour}"/>` : ''
    if (text.trim() === '') return ground
    const style = `${bold ? ' font-weight="bold"' : ''}${faint ? ' opacity=".6"' : ''}`
    return `${ground}<text x="${x}" y="${top + 13.5}" textLength="${length}" xml:space="preserve" fill="${inverse ? '#16191d' : colour}"${style}>${escaped(text)}</text>`
  }
}

/** Text between changes of colour; blanks at its ends are left out, unless they are to be seen. */
function runsOf(line, before) {
  const runs = []
  let [column, style] = [0, before]
  for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (text === undefined) {
      style = after(style, codes.split(';').map(Number))
      continue
    }
    const parts = style.inverse ? [[text, 0]] : [...text.matchAll(/\S+(?: \S+)*/g)].map(match => [match[0], match.index])
    for (const [part, at] of parts) runs.push({...style, column: column + at, text: part})
    column += text.length
  }
  return {runs, end: style}
}

function plain() {
  return {bold: false, faint: false, inverse: false, colour: '#d5dae0'}
}

/** The palette of src/tui/paint.ts. */
function after(style, [code = 0, ...rest]) {
  const colours = {33: '#0087ff', 172: '#d78700', 208: '#ff8700'}
  if (code === 38) return {...style, colour: colours[rest[1]] ?? style.colour}
  const changed =
    code === 0 ? plain() : code === 1 ? {...style, bold: true} : code === 2 ? {...style, faint: true} : code === 7 ? {...style, inverse: true} : style
  const next = code === 39 ? {...changed, colour: plain().colour} : changed
  return rest.length > 0 ? after(next, rest) : next
}

function escaped(text) {
  return text.replace(/[&<>]/g, char => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[char])
}
