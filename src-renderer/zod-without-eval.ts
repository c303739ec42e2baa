import { z } from 'zod'

// Zod compiles its schemas with `new Function` where it may, and finds out by trying. Imported
// before every schema, this keeps it from what the page's content security policy forbids.
z.config({ jitless: true })
