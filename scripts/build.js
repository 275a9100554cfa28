// Makes dist/: one split ESM bundle (each command, check and door is loaded when it is used), and oclif's manifest.
import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, matchesGlob, relative, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

/** Expands `import.meta.glob` as Vite does, so that a folder is its own registry in tests and in the bundle alike. */
const glob = {
  name: 'import-meta-glob',
  setup({onLoad}) {
    onLoad({filter: /src[\\/].*\.ts$/}, ({path}) => {
      const source = readFileSync(path, 'utf8')
      return source.includes('import.meta.glob') ? {contents: expand(source, dirname(path)), loader: 'ts'} : undefined
    })
  },
}

function expand(source, folder) {
  const imports = []
  const call = /import\.meta\.glob<[^>]*>\('([^']+)', \{\s*import: 'default'(, eager: true)?,?\s*\}\)/g
  const contents = source.replace(call, (_, pattern, eager) => {
    const entries = filesOf(folder, pattern).map(file => {
      if (!eager) return `${JSON.stringify(file)}: () => import(${JSON.stringify(file)}).then(module => module.default)`
      imports.push(`import glob${imports.length} from ${JSON.stringify(file)}`)
      return `${JSON.stringify(file)}: glob${imports.length - 1}`
    })
    return `{${entries.join(', ')}}`
  })
  return [...imports, contents].join('\n')
}

const filesOf = (folder, pattern) =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => `./${relative(folder, join(entry.parentPath, entry.name))}`)
    .filter(file => matchesGlob(file, pattern) && !file.endsWith('.d.ts'))
    .sort()

/** ink asks for React's developer tools only with DEV=true, and they are not installed: without this the bundle could not be made. */
const noDevtools = {
  name: 'no-devtools',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'none'}))
    onLoad({filter: /.*/, namespace: 'none'}, () => ({contents: 'export default {}'}))
  },
}

// CommonJS packages inside an ESM bundle ask for these.
const banner = `import {createRequire as __createRequire} from 'node:module'
import {fileURLToPath as __fileURLToPath} from 'node:url'
import {dirname as __dirnameOf} from 'node:path'
const require = __createRequire(import.meta.url), __filename = __fileURLToPath(import.meta.url), __dirname = __dirnameOf(__filename)`

rmSync('dist', {recursive: true, force: true})
const {metafile} = await build({
  entryPoints: {
    main: 'src/main.ts',
    ...Object.fromEntries(filesOf(resolve('src/commands'), './**/*.ts').map(file => [`commands/${file.slice(2, -3)}`, join('src/commands', file)])),
  },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  banner: {js: banner},
  define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
  external: ['bufferutil', 'utf-8-validate'],
  plugins: [glob, noDevtools],
  logLevel: 'warning',
  metafile: true,
})
// Which chunk holds which package: start-up is tested by what was loaded.
writeFileSync('dist/meta.json', JSON.stringify(metafile.outputs))

const {Plugin} = await import('@oclif/core/config')
const plugin = new Plugin({root, isRoot: true, ignoreManifest: true, errorOnManifestCreate: true})
await plugin.load()
writeFileSync('dist/manifest.json', JSON.stringify(plugin.manifest))
