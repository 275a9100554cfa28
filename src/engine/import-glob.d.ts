/** Vite's and vitest's `import.meta.glob`; scripts/build.ts expands it for the bundle. So a folder is its own registry, with no list to keep. */
interface ImportMeta {
  glob<T>(pattern: string, options: {import: 'default'}): Record<string, () => Promise<T>>
  glob<T>(pattern: string, options: {import: 'default'; eager: true}): Record<string, T>
}
