export interface Budget {
  /** Resolves when so much is free; more than there is at all counts as all of it. First come, first served. */
  take(amount: number): Promise<Share>
}
export interface Share {
  /** Gives it back; a second time does nothing. */
  release(): void
}

/** So much of something, shared by those who ask: slots, or bytes of memory. */
export function budgetOf(total: number): Budget {
  let free = total
  const waiting: {readonly amount: number; readonly go: () => void}[] = []
  const next = () => {
    for (let first = waiting[0]; first !== undefined && first.amount <= free; first = waiting[0]) {
      waiting.shift()
      free -= first.amount
      first.go()
    }
  }
  return {
    take(wanted) {
      const amount = Math.min(wanted, total)
      let held = true
      const release = () => {
        if (!held) return
        held = false
        free += amount
        next()
      }
      return new Promise(resolve => {
        waiting.push({amount, go: () => resolve({release})})
        next()
      })
    },
  }
}
