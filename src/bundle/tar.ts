const block = 512

/** What one file is called and how large it is. */
export interface TarFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly mtime: Date
}

/** The two empty blocks at the end. */
export const tarEnd = Buffer.alloc(2 * block)

/** What fills the last block of a body. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block)

/**
 * The header of one plain file, as POSIX ustar has it; a name that does not fit gets a pax header before it (IEEE 1003.1, pax, "ustar Interchange Format").
 * Written here, for modern-tar's packer keeps up to 8 MiB unwritten and makes four streams a file.
 */
export function tarHeader({name, size, mtime}: TarFile): Buffer {
  const seconds = Math.max(0, Math.floor(mtime.getTime() / 1000))
  const split = splitName(name)
  if (split) return header({...split, size, seconds, type: '0'})
  const record = paxRecord('path', name)
  return Buffer.concat([
    header({name: 'pax', prefix: '', size: record.length, seconds, type: 'x'}),
    record,
    tarPadding(record.length),
    header({name: Buffer.from(name).subarray(0, 100).toString('latin1'), prefix: '', size, seconds, type: '0'}),
  ])
}

/** 100 bytes for the end of the name, 155 for the folders before it. */
function splitName(name: string): {name: string; prefix: string} | undefined {
  if (!/^[\x20-\x7e]*$/.test(name)) return undefined
  if (name.length <= 100) return {name, prefix: ''}
  const cut = name.indexOf('/', name.length - 101)
  return cut > 0 && cut <= 155 ? {name: name.slice(cut + 1), prefix: name.slice(0, cut)} : undefined
}

function header({name, prefix, size, seconds, type}: {name: string; prefix: string; size: number; seconds: number; type: '0' | 'x'}): Buffer {
  const bytes = Buffer.alloc(block)
  const put = (text: string, at: number) => bytes.write(text, at, 'latin1')
  const octal = (value: number, digits: number, at: number) => put(value.toString(8).padStart(digits, '0'), at)
  put(name, 0)
  octal(0o644, 7, 100)
  octal(0, 7, 108)
  octal(0, 7, 116)
  octal(size, 11, 124)
  octal(seconds, 11, 136)
  put(' '.repeat(8), 148)
  put(type, 156)
  put('ustar\0' + '00', 257)
  put(prefix, 345)
  // The sum is taken with blanks in its own place.
  put(
    `${bytes
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return bytes
}

/** `30 path=…\n`: the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const body = Buffer.byteLength(` ${key}=${value}\n`)
  const digits = String(body + String(body).length).length
  return Buffer.from(`${body + digits} ${key}=${value}\n`)
}
