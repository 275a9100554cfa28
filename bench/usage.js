// Preloaded into a measured process: at its end, what it cost. CPU in ms, memory in MiB.
import {writeFileSync} from 'node:fs'

const started = performance.now()
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage()
  const cost = {wallMs: performance.now() - started, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024}
  if (process.env.BENCH_COST) writeFileSync(process.env.BENCH_COST, JSON.stringify(cost))
})
