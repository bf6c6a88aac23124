import { openStore } from '../../src/storage/store.ts'

/** A program that does to the database named by its argument what every program of ours does first, and ends. */
const store = await openStore(process.argv[2] ?? '')
await store.close()
