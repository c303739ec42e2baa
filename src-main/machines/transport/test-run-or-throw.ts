import { describeStatus, type RunOptions, run } from './run-command.ts'
import { type Transport, TransportError } from './transport.ts'

/** `run`, for a command whose failure is a surprise: its stdout, or a TransportError with its stderr. */
export async function runOrThrow(
  transport: Transport,
  command: string,
  options: RunOptions = {},
): Promise<string> {
  const { stdout, stderr, status } = await run(transport, command, options)
  if (status.kind === 'exit' && status.code === 0) return stdout
  const kind = status.kind === 'lost' ? 'lost' : 'refused'
  const said = stderr.trim().split('\n').slice(-5).join('\n')
  throw new TransportError(
    transport.machine,
    kind,
    `${transport.machine}: a command ${describeStatus(status)}${said ? `: ${said}` : ''}`,
  )
}
