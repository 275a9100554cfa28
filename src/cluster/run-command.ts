/** What a command of this machine said. `exit` 127: there is no such command; 124: its time was over. */
export interface CommandAnswer {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** It said more than may be kept. */
  readonly flooded?: boolean
  readonly timedOut?: boolean
}
export interface CommandOptions {
  readonly input?: string
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

/** Where `ip` is, which is not on the PATH of every user. */
const path = () => [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean).join(':')
/** A child that lets go of nothing when killed, because a grandchild holds its pipes. */
const lingerMs = 500

/** One command, without a shell. Ends with its deadline even when children of its own outlive it. */
export async function runCommand(argv: readonly string[], {input = '', timeoutMs, maxBytes, signal}: CommandOptions): Promise<CommandAnswer> {
  const {execa} = await import('execa')
  const [file = '', ...args] = argv
  const child = execa(file, args, {
    input,
    timeout: Math.max(1, Math.ceil(timeoutMs)),
    maxBuffer: maxBytes,
    ...(signal && {cancelSignal: signal}),
    // Readers know the words of the C locale.
    env: {PATH: path(), LC_ALL: 'C'},
    forceKillAfterDelay: 200,
    reject: false,
    stripFinalNewline: false,
  })
  child.nodeChildProcess.once('exit', () => setTimeout(letGo, lingerMs, child).unref())
  const result = await child
  const {stdout, stderr, exitCode, timedOut, isCanceled, isMaxBuffer, code} = result
  const texts = {stdout: String(stdout ?? ''), stderr: String(stderr ?? '')}
  if (code === 'ENOENT') return {...texts, exit: 127, stderr: `${file}: not found\n`}
  if (code === 'EACCES') return {...texts, exit: 126, stderr: `${file}: permission denied\n`}
  if (isMaxBuffer) return {...texts, exit: exitCode ?? 0, flooded: true}
  if (timedOut || isCanceled) return {...texts, exit: 124, timedOut: true}
  return {...texts, exit: exitCode ?? 1}
}

function letGo({stdout, stderr}: {stdout: {destroy(): unknown} | null; stderr: {destroy(): unknown} | null}): void {
  stdout?.destroy()
  stderr?.destroy()
}
